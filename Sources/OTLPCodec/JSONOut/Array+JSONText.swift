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
        let start = endOfPlainText(in: text, from: 0)
        guard start < text.count else { return append(contentsOf: text) }
        // JSON inside of JSON has an escape every few bytes: they are gathered, and appended as blocks.
        withUnsafeTemporaryAllocation(byteCount: EscapedBlock.size, alignment: 8) { room in
            var block = EscapedBlock(room: room)
            var copied = 0
            var at = start
            while at < text.count {
                let byte = text[at]
                if byte >= 0x80, let length = lengthOfScalar(in: text, at: at) {
                    at += length
                } else {
                    block.add(UnsafeRawBufferPointer(rebasing: text[copied..<at]), to: &self)
                    block.addEscape(for: byte, to: &self)
                    at += 1
                    copied = at
                }
                at = endOfPlainText(in: text, from: at)
            }
            block.add(UnsafeRawBufferPointer(rebasing: text[copied...]), to: &self)
            block.flush(to: &self)
        }
    }
}

/// Escaped text on its way into an array.
private struct EscapedBlock {
    static let size = 2048
    /// The longest escape.
    private static let longest = 6
    let room: UnsafeMutableRawBufferPointer
    private var count = 0

    init(room: UnsafeMutableRawBufferPointer) {
        self.room = room
    }

    /// Adds text that needs no escape.
    mutating func add(_ text: UnsafeRawBufferPointer, to json: inout [UInt8]) {
        if text.count > room.count - count {
            flush(to: &json)
            if text.count > room.count / 2 { return json.append(contentsOf: text) }
        }
        UnsafeMutableRawBufferPointer(rebasing: room[count...]).copyMemory(from: text)
        count += text.count
    }

    mutating func addEscape(for byte: UInt8, to json: inout [UInt8]) {
        if room.count - count < Self.longest { flush(to: &json) }
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): add(UInt8(ascii: "\\"), byte)
        case 0x08: add(UInt8(ascii: "\\"), UInt8(ascii: "b"))
        case 0x09: add(UInt8(ascii: "\\"), UInt8(ascii: "t"))
        case 0x0A: add(UInt8(ascii: "\\"), UInt8(ascii: "n"))
        case 0x0C: add(UInt8(ascii: "\\"), UInt8(ascii: "f"))
        case 0x0D: add(UInt8(ascii: "\\"), UInt8(ascii: "r"))
        case 0x80...:
            add(0xEF, 0xBF)
            room[count] = 0xBD
            count += 1
        default:
            add(UInt8(ascii: "\\"), UInt8(ascii: "u"))
            add(UInt8(ascii: "0"), UInt8(ascii: "0"))
            add(byte >> 4 + UInt8(ascii: "0"), byte.lowHexDigit)
        }
    }

    /// Appends what is gathered.
    mutating func flush(to json: inout [UInt8]) {
        json.append(contentsOf: UnsafeRawBufferPointer(rebasing: room[..<count]))
        count = 0
    }

    private mutating func add(_ first: UInt8, _ second: UInt8) {
        room[count] = first
        room[count + 1] = second
        count += 2
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
        let marks = marksOfCare(text.loadUnaligned(fromByteOffset: at, as: UInt64.self).littleEndian)
        if marks != 0 { return at + marks.trailingZeroBitCount >> 3 }
        at += 8
    }
    while at < text.count {
        let byte = text[at]
        guard byte >= 0x20, byte < 0x80, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") else { return at }
        at += 1
    }
    return at
}

/// The highest bit of the lowest byte that is a control character, a quote, a backslash or beyond ASCII; what is set
/// above it means nothing.
@inline(__always)
private func marksOfCare(_ word: UInt64) -> UInt64 {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let quote = word ^ (ones &* UInt64(UInt8(ascii: "\"")))
    let backslash = word ^ (ones &* UInt64(UInt8(ascii: "\\")))
    // A byte below 0x20 borrows; one beyond ASCII has the bit already.
    return (word | (word &- ones &* 0x20) | (quote &- ones) | (backslash &- ones)) & (ones &* 0x80)
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
