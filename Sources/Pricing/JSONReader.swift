// JSONReader.swift - reads JSON value by value, numbers as they are written.

/// Reads JSON from front to back; the caller knows what has to come.
///
/// Numbers are handed out as text, since prices are decimals and no doubles. Nothing here recurses.
struct JSONReader {
    private let bytes: UnsafeBufferPointer<UInt8>
    private var position = 0
    /// Whether an object or array was just begun, so that no comma comes before its first member.
    private var isOpened = false

    /// Reads the bytes, which have to outlive the reader.
    init(_ bytes: UnsafeBufferPointer<UInt8>) {
        self.bytes = bytes
    }

    /// Begins an object.
    mutating func beginObject() throws(PriceError) {
        try expect("{")
        isOpened = true
    }

    /// The next key of the object; nil at its end.
    mutating func nextKey() throws(PriceError) -> String? {
        guard try nextMember(before: "}") else { return nil }
        let key = try string()
        try expect(":")
        return key
    }

    /// Begins an array.
    mutating func beginArray() throws(PriceError) {
        try expect("[")
        isOpened = true
    }

    /// Whether another element of the array follows.
    mutating func nextElement() throws(PriceError) -> Bool {
        try nextMember(before: "]")
    }

    /// Takes a `null`, if that is what comes.
    mutating func takeNull() -> Bool {
        skipSpace()
        guard position + 4 <= bytes.count, bytes[position..<position + 4].elementsEqual("null".utf8) else {
            return false
        }
        position += 4
        return true
    }

    /// The text of a number, not yet looked at.
    mutating func number() throws(PriceError) -> UnsafeBufferPointer<UInt8> {
        skipSpace()
        let start = position
        while position < bytes.count, Self.isNumberByte(bytes[position]) { position += 1 }
        guard position > start else { throw fault("a number") }
        return UnsafeBufferPointer(rebasing: bytes[start..<position])
    }

    /// A string.
    mutating func string() throws(PriceError) -> String {
        try expect("\"")
        let start = position
        while position < bytes.count, bytes[position] != UInt8(ascii: "\"") {
            guard bytes[position] != UInt8(ascii: "\\") else { return try escapedString(from: start) }
            guard bytes[position] >= 0x20 else { throw fault("no control character in a string") }
            position += 1
        }
        guard position < bytes.count else { throw fault("the end of a string") }
        defer { position += 1 }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    /// Makes sure that nothing else follows.
    mutating func end() throws(PriceError) {
        skipSpace()
        guard position == bytes.count else { throw fault("the end of the file") }
    }

    private mutating func nextMember(before closing: Unicode.Scalar) throws(PriceError) -> Bool {
        skipSpace()
        defer { isOpened = false }
        if position < bytes.count, bytes[position] == UInt8(ascii: closing) {
            position += 1
            return false
        }
        if !isOpened { try expect(",") }
        return true
    }

    private mutating func escapedString(from start: Int) throws(PriceError) -> String {
        var text = Array(bytes[start..<position])
        while position < bytes.count, bytes[position] != UInt8(ascii: "\"") {
            if bytes[position] == UInt8(ascii: "\\") {
                text.append(contentsOf: String(try escape()).utf8)
            } else {
                text.append(bytes[position])
                position += 1
            }
        }
        guard position < bytes.count else { throw fault("the end of a string") }
        position += 1
        return String(decoding: text, as: UTF8.self)
    }

    private mutating func escape() throws(PriceError) -> Unicode.Scalar {
        position += 1
        guard position < bytes.count else { throw fault("the end of a string") }
        let byte = bytes[position]
        position += 1
        switch byte {
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{c}"
        case UInt8(ascii: "u"): return try unicodeEscape()
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
        default: throw fault("an escape of JSON")
        }
    }

    /// Names are plain text: of escaped characters beyond the first plane there is no need, they are refused.
    private mutating func unicodeEscape() throws(PriceError) -> Unicode.Scalar {
        let end = position + 4
        guard end <= bytes.count,
            let number = UInt16(String(decoding: bytes[position..<end], as: UTF8.self), radix: 16),
            let scalar = Unicode.Scalar(number)
        else { throw fault("four hexadecimal digits of a character") }
        position = end
        return scalar
    }

    private mutating func expect(_ character: Unicode.Scalar) throws(PriceError) {
        skipSpace()
        guard position < bytes.count, bytes[position] == UInt8(ascii: character) else { throw fault("'\(character)'") }
        position += 1
    }

    @inline(__always)
    private mutating func skipSpace() {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x0A, 0x0D, 0x09: position += 1
            default: return
            }
        }
    }

    private func fault(_ wanted: String) -> PriceError {
        PriceError("byte \(position)", "no price file: \(wanted) is missing")
    }

    private static func isNumberByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "."),
            UInt8(ascii: "e"), UInt8(ascii: "E"):
            true
        default: false
        }
    }
}
