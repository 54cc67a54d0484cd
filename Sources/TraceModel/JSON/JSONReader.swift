// JSONReader.swift - JSON text to a value, in one pass with bounds on depth and number.

/// Reads one JSON text; nil from any function means that it is none, and ends the reading.
public struct JSONReader {
    private let bytes: UnsafeBufferPointer<UInt8>
    private let maxDepth: Int
    /// How many more values there may be.
    public private(set) var valuesLeft: Int
    private var next = 0

    /// Makes a reader of one text.
    ///
    /// - Parameters:
    ///   - bytes: UTF-8; must stay valid while it is read.
    ///   - maxDepth: How deep lists and objects may nest.
    ///   - maxValues: How many values there may be.
    public init(_ bytes: UnsafeBufferPointer<UInt8>, maxDepth: Int, maxValues: Int) {
        self.bytes = bytes
        self.maxDepth = maxDepth
        valuesLeft = maxValues
    }

    /// The value, when nothing but space stands around it.
    public mutating func document() -> JSONValue? {
        guard let value = value(depth: 0) else { return nil }
        skipSpace()
        return next == bytes.count ? value : nil
    }

    /// The elements, when the text is a list with nothing but space around it.
    ///
    /// - Parameter known: The first elements of the same text, as they were read of another one that begins with the same
    ///   bytes up to the end of the last of them; they are not read again, and count as if they were.
    /// - Returns: All elements, those that are known as well.
    public mutating func list(after known: [JSONElement] = []) -> [JSONElement]? {
        skipSpace()
        let needed = known.reduce(1) { $0 + $1.values }
        guard maxDepth > 0, next < bytes.count, bytes[next] == UInt8(ascii: "["), valuesLeft >= needed else {
            return nil
        }
        valuesLeft -= needed
        next += 1
        var elements = known
        if let last = known.last {
            next = last.end
            if last.isLast { return isAtEnd() ? elements : nil }
        } else if skip(UInt8(ascii: "]")) {
            return isAtEnd() ? elements : nil
        }
        while true {
            let before = valuesLeft
            guard let value = value(depth: 1) else { return nil }
            let isLast = !skip(UInt8(ascii: ","))
            if isLast, !skip(UInt8(ascii: "]")) { return nil }
            elements.append(JSONElement(value: value, end: next, values: before - valuesLeft, isLast: isLast))
            if isLast { return isAtEnd() ? elements : nil }
        }
    }

    /// Whether nothing but space is left.
    private mutating func isAtEnd() -> Bool {
        skipSpace()
        return next == bytes.count
    }

    /// The value that the text begins with, and how many bytes it takes with the space before it.
    public mutating func first() -> (value: JSONValue, length: Int)? {
        value(depth: 0).map { ($0, next) }
    }

    /// Calls itself once per level: at most `maxDepth` deep.
    private mutating func value(depth: Int) -> JSONValue? {
        skipSpace()
        guard next < bytes.count, valuesLeft > 0 else { return nil }
        valuesLeft -= 1
        switch bytes[next] {
        case UInt8(ascii: "\""): return string().map { .string($0) }
        case UInt8(ascii: "{"): return depth < maxDepth ? object(depth: depth + 1) : nil
        case UInt8(ascii: "["): return depth < maxDepth ? array(depth: depth + 1) : nil
        case UInt8(ascii: "t"): return literal("true", .bool(true))
        case UInt8(ascii: "f"): return literal("false", .bool(false))
        case UInt8(ascii: "n"): return literal("null", .null)
        case UInt8(ascii: "N"): return literal("NaN", .string("NaN"))
        case UInt8(ascii: "I"): return literal("Infinity", .string("Infinity"))
        default: return number() ?? literal("-Infinity", .string("-Infinity"))
        }
    }

    private mutating func object(depth: Int) -> JSONValue? {
        next += 1
        var members: [JSONMember] = []
        if skip(UInt8(ascii: "}")) { return .object(members) }
        repeat {
            skipSpace()
            guard next < bytes.count, bytes[next] == UInt8(ascii: "\""), let name = string(),
                skip(UInt8(ascii: ":")), let value = value(depth: depth)
            else { return nil }
            members.append(JSONMember(name, value))
        } while skip(UInt8(ascii: ","))
        return skip(UInt8(ascii: "}")) ? .object(members) : nil
    }

    private mutating func array(depth: Int) -> JSONValue? {
        next += 1
        var elements: [JSONValue] = []
        if skip(UInt8(ascii: "]")) { return .array(elements) }
        repeat {
            guard let element = value(depth: depth) else { return nil }
            elements.append(element)
        } while skip(UInt8(ascii: ","))
        return skip(UInt8(ascii: "]")) ? .array(elements) : nil
    }

    /// The grammar of RFC 8259, section 6; leaves `next` where it was when nothing of it stands there.
    private mutating func number() -> JSONValue? {
        var end = next
        if end < bytes.count, bytes[end] == UInt8(ascii: "-") { end += 1 }
        let whole = end
        end = endOfDigits(from: end)
        guard end > whole, end == whole + 1 || bytes[whole] != UInt8(ascii: "0") else { return nil }
        if end < bytes.count, bytes[end] == UInt8(ascii: ".") {
            let fraction = end + 1
            end = endOfDigits(from: fraction)
            guard end > fraction else { return nil }
        }
        if end < bytes.count, bytes[end] | 0x20 == UInt8(ascii: "e") {
            var exponent = end + 1
            if exponent < bytes.count, bytes[exponent] == UInt8(ascii: "+") || bytes[exponent] == UInt8(ascii: "-") {
                exponent += 1
            }
            end = endOfDigits(from: exponent)
            guard end > exponent else { return nil }
        }
        defer { next = end }
        return .number(text(next..<end))
    }

    private func endOfDigits(from start: Int) -> Int {
        var end = start
        while end < bytes.count, bytes[end] &- UInt8(ascii: "0") < 10 { end += 1 }
        return end
    }

    /// The string whose opening quote is next.
    private mutating func string() -> String? {
        let start = next + 1
        next = Self.endOfPlainText(in: bytes, from: start)
        guard next < bytes.count else { return nil }
        if bytes[next] == UInt8(ascii: "\"") {
            defer { next += 1 }
            return text(start..<next)
        }
        var decoded = Array(bytes[start..<next])
        while next < bytes.count {
            let byte = bytes[next]
            if byte == UInt8(ascii: "\"") {
                next += 1
                return String(decoding: decoded, as: UTF8.self)
            }
            guard byte == UInt8(ascii: "\\"), escape(to: &decoded) else { return nil }
            let end = Self.endOfPlainText(in: bytes, from: next)
            decoded.append(contentsOf: bytes[next..<end])
            next = end
        }
        return nil
    }

    /// Decodes the escape that is next; false when it is none.
    private mutating func escape(to decoded: inout [UInt8]) -> Bool {
        guard next + 1 < bytes.count else { return false }
        let letter = bytes[next + 1]
        if letter == UInt8(ascii: "u") { return unicodeEscape(to: &decoded) }
        guard let character = JSONEscape.character(letter) else { return false }
        decoded.append(character)
        next += 2
        return true
    }

    private mutating func unicodeEscape(to decoded: inout [UInt8]) -> Bool {
        guard let (scalar, length) = JSONEscape.scalar(at: next, in: bytes) else { return false }
        decoded.append(contentsOf: scalar.utf8)
        next += length
        return true
    }

    private mutating func literal(_ word: StaticString, _ value: JSONValue) -> JSONValue? {
        let end = next + word.utf8CodeUnitCount
        guard end <= bytes.count, word.withUTF8Buffer({ bytes[next..<end].elementsEqual($0) }) else { return nil }
        next = end
        return value
    }

    /// Skips space and then one certain byte; whether it was there.
    private mutating func skip(_ byte: UInt8) -> Bool {
        skipSpace()
        guard next < bytes.count, bytes[next] == byte else { return false }
        next += 1
        return true
    }

    private mutating func skipSpace() {
        while next < bytes.count {
            switch bytes[next] {
            case 0x20, 0x0A, 0x0D, 0x09: next += 1
            default: return
            }
        }
    }

    /// Looks for what ends the plain part of a string.
    ///
    /// - Parameters:
    ///   - bytes: The text.
    ///   - start: A place in it, or its end.
    /// - Returns: The first place from there on that holds a quote, a backslash or a control character, or the end.
    @inlinable
    public static func endOfPlainText(in bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        var end = start
        while end + 8 <= bytes.count {
            let word = UnsafeRawBufferPointer(bytes).loadUnaligned(fromByteOffset: end, as: UInt64.self).littleEndian
            let special = Self.marks(word)
            if special != 0 { return end + special.trailingZeroBitCount >> 3 }
            end += 8
        }
        while end < bytes.count {
            let byte = bytes[end]
            guard byte >= 0x20, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") else { break }
            end += 1
        }
        return end
    }

    /// The highest bit of the lowest byte that is a quote, a backslash or below 0x20; what is set above it means nothing.
    @inlinable
    static func marks(_ word: UInt64) -> UInt64 {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let quotes = word ^ (ones &* UInt64(UInt8(ascii: "\"")))
        let slashes = word ^ (ones &* UInt64(UInt8(ascii: "\\")))
        let below = (word &- ones &* 0x20) & ~word
        return (below | ((quotes &- ones) & ~quotes) | ((slashes &- ones) & ~slashes)) & (ones &* 0x80)
    }

    private func text(_ range: Range<Int>) -> String {
        String(decoding: UnsafeBufferPointer(rebasing: bytes[range]), as: UTF8.self)
    }
}

/// An element of a list, and where it stood.
public struct JSONElement: Sendable {
    /// What it is.
    public var value: JSONValue
    /// The place in the text behind the comma or bracket that follows it.
    public var end: Int
    /// Of how many values it consists.
    public var values: Int
    /// Whether a bracket follows it, and no comma.
    public var isLast: Bool
}
