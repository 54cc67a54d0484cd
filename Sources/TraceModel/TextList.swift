// TextList.swift - many short texts in one piece of memory.

/// Texts one after the other, without an object for each.
public struct TextList: Sendable, Equatable {
    private var bytes: [UInt8] = []
    private var ends: [Int] = []

    /// Makes a list of no texts.
    public init() {}

    /// How many texts there are.
    public var count: Int { ends.count }

    /// Appends a text; one of no bytes is left out.
    ///
    /// - Parameter text: UTF-8.
    public mutating func append(_ text: UnsafeBufferPointer<UInt8>) {
        guard !text.isEmpty else { return }
        bytes.append(contentsOf: text)
        ends.append(bytes.count)
    }

    /// Appends a text; an empty one is left out.
    ///
    /// - Parameter text: The text.
    public mutating func append(_ text: String) {
        var text = text
        text.withUTF8 { append($0) }
    }

    /// Lends texts to `body`, one after the other.
    ///
    /// - Parameters:
    ///   - range: Which ones, from 0; has to lie within `count`.
    ///   - body: Gets the UTF-8 of a text, valid only until it returns.
    public func forEach(in range: Range<Int>, _ body: (UnsafeBufferPointer<UInt8>) -> Void) {
        bytes.withUnsafeBufferPointer { bytes in
            var start = range.lowerBound == 0 ? 0 : ends[range.lowerBound - 1]
            for place in range {
                body(UnsafeBufferPointer(rebasing: bytes[start..<ends[place]]))
                start = ends[place]
            }
        }
    }

    /// Some texts as strings.
    ///
    /// - Parameter range: Which ones, from 0; has to lie within `count`.
    /// - Returns: One string for each.
    public func strings(in range: Range<Int>) -> [String] {
        var strings: [String] = []
        forEach(in: range) { strings.append(String(decoding: $0, as: UTF8.self)) }
        return strings
    }
}
