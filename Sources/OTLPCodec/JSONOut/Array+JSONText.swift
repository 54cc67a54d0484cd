// Array+JSONText.swift - JSON strings and numbers, appended to bytes.

extension [UInt8] {
    /// Appends the bytes of a literal, such as punctuation and member names that need no escape.
    @inlinable
    public mutating func append(raw literal: StaticString) {
        append(contentsOf: UnsafeBufferPointer(start: literal.utf8Start, count: literal.utf8CodeUnitCount))
    }

    /// Appends a JSON string, quoted and escaped (RFC 8259, section 7).
    ///
    /// - Parameter text: UTF-8; what is not valid becomes U+FFFD.
    public mutating func appendJSON(text: UnsafeRawBufferPointer) {
        reserveCapacity(grown(by: text.count + 2))
        append(UInt8(ascii: "\""))
        appendJSONContent(of: text)
        append(UInt8(ascii: "\""))
    }

    /// Appends a JSON string, quoted and escaped.
    public mutating func appendJSON(_ text: String) {
        var text = text
        text.withUTF8 { appendJSON(text: UnsafeRawBufferPointer($0)) }
    }

    /// Appends a JSON string, or `null` for nil.
    public mutating func appendJSON(_ text: String?) {
        if let text { appendJSON(text) } else { append(raw: "null") }
    }

    /// Appends an integer in decimal.
    public mutating func appendJSON(_ number: some FixedWidthInteger) {
        var description = String(number)
        description.withUTF8 { append(contentsOf: $0) }
    }

    /// Appends an integer in decimal, or `null` for nil.
    public mutating func appendJSON(_ number: (some FixedWidthInteger)?) {
        if let number { appendJSON(number) } else { append(raw: "null") }
    }

    /// Appends `true` or `false`.
    public mutating func appendJSON(_ flag: Bool) {
        if flag { append(raw: "true") } else { append(raw: "false") }
    }

    /// Appends the shortest decimal that reads back as the same double; NaN and the infinities become strings.
    public mutating func appendJSON(_ number: Double) {
        guard number.isFinite else {
            if number.isNaN { return append(raw: "\"NaN\"") }
            return number > 0 ? append(raw: "\"Infinity\"") : append(raw: "\"-Infinity\"")
        }
        var description = "\(number)"
        description.withUTF8 { append(contentsOf: $0) }
    }

    /// What to reserve for `more` bytes without giving up geometric growth.
    private func grown(by more: Int) -> Int {
        let needed = count + more
        return needed <= capacity ? capacity : Swift.max(needed, capacity * 2)
    }

    private mutating func appendJSONContent(of text: UnsafeRawBufferPointer) {
        var copied = 0
        var at = 0
        while at < text.count {
            at = endOfPlainText(in: text, from: at)
            guard at < text.count else { break }
            let byte = text[at]
            if byte >= 0x80, let length = lengthOfScalar(in: text, at: at) {
                at += length
                continue
            }
            append(contentsOf: UnsafeRawBufferPointer(rebasing: text[copied..<at]))
            appendEscape(for: byte)
            at += 1
            copied = at
        }
        append(contentsOf: UnsafeRawBufferPointer(rebasing: text[copied...]))
    }

    private mutating func appendEscape(for byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""): append(raw: "\\\"")
        case UInt8(ascii: "\\"): append(raw: "\\\\")
        case 0x08: append(raw: "\\b")
        case 0x09: append(raw: "\\t")
        case 0x0A: append(raw: "\\n")
        case 0x0C: append(raw: "\\f")
        case 0x0D: append(raw: "\\r")
        case 0x80...: append(contentsOf: [0xEF, 0xBF, 0xBD])
        default:
            append(raw: "\\u00")
            append(byte >> 4 + UInt8(ascii: "0"))
            append(byte.lowHexDigit)
        }
    }
}

extension UInt8 {
    /// The lower four bits as a lower-case hex digit.
    var lowHexDigit: UInt8 {
        let nibble = self & 0x0F
        return nibble < 10 ? nibble + UInt8(ascii: "0") : nibble - 10 + UInt8(ascii: "a")
    }
}

/// The first place at or after `start` that holds anything but printable ASCII without quote and backslash.
private func endOfPlainText(in text: UnsafeRawBufferPointer, from start: Int) -> Int {
    var at = start
    while at + 8 <= text.count {
        let word = text.loadUnaligned(fromByteOffset: at, as: UInt64.self)
        guard !needsCare(word) else { break }
        at += 8
    }
    while at < text.count {
        let byte = text[at]
        guard byte >= 0x20, byte < 0x80, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") else { return at }
        at += 1
    }
    return at
}

/// Whether any of eight bytes is a control character, a quote, a backslash or beyond ASCII.
///
/// May say so of a byte that stands above another such one, never the reverse.
@inline(__always)
private func needsCare(_ word: UInt64) -> Bool {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let high: UInt64 = 0x8080_8080_8080_8080
    let quote = word ^ (ones &* UInt64(UInt8(ascii: "\"")))
    let backslash = word ^ (ones &* UInt64(UInt8(ascii: "\\")))
    let found = word | (word &- ones &* 0x20) | (quote &- ones) | (backslash &- ones)
    return found & high != 0
}

/// The length of the UTF-8 sequence of two to four bytes at `at`; nil when there is no valid one (Unicode, table 3-7).
private func lengthOfScalar(in text: UnsafeRawBufferPointer, at: Int) -> Int? {
    let lead = text[at]
    let second: ClosedRange<UInt8>
    let length: Int
    switch lead {
    case 0xC2...0xDF: (length, second) = (2, 0x80...0xBF)
    case 0xE0: (length, second) = (3, 0xA0...0xBF)
    case 0xE1...0xEC, 0xEE, 0xEF: (length, second) = (3, 0x80...0xBF)
    case 0xED: (length, second) = (3, 0x80...0x9F)
    case 0xF0: (length, second) = (4, 0x90...0xBF)
    case 0xF1...0xF3: (length, second) = (4, 0x80...0xBF)
    case 0xF4: (length, second) = (4, 0x80...0x8F)
    default: return nil
    }
    guard at + length <= text.count, second.contains(text[at + 1]) else { return nil }
    for place in at + 2..<Swift.max(at + length, at + 2) where text[place] & 0xC0 != 0x80 { return nil }
    return length
}
