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
        let isEqual = left.string.utf8.withContiguousStorageIfAvailable { left in
            right.string.utf8.withContiguousStorageIfAvailable { right in
                UnsafeRawBufferPointer(left).hasSameBytes(as: UnsafeRawBufferPointer(right))
            }
        }
        if let isEqual, let isEqual { return isEqual }
        return left.string.utf8.elementsEqual(right.string.utf8)
    }

    /// Hashes the bytes.
    @inlinable
    public func hash(into hasher: inout Hasher) {
        var copy = string
        copy.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    }
}
