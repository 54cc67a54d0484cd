// ExactString.swift - strings compared by their bytes.

/// A string that equals another only if their UTF-8 bytes are equal.
///
/// Swift takes canonically equivalent texts for equal, databases and senders do not.
public struct ExactString: Hashable, Sendable {
    /// The text.
    public let string: String

    /// Wraps a text.
    @inlinable
    public init(_ string: String) {
        self.string = string
    }

    /// Compares byte by byte.
    @inlinable
    public static func == (left: ExactString, right: ExactString) -> Bool {
        left.string.utf8.count == right.string.utf8.count && left.string.utf8.elementsEqual(right.string.utf8)
    }

    /// Hashes the bytes.
    @inlinable
    public func hash(into hasher: inout Hasher) {
        var copy = string
        copy.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    }
}
