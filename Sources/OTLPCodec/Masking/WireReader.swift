// WireReader.swift - fields of a protobuf message, one after the other.

/// One field: where its tag, its length and its content stand.
struct WireField {
    /// Wire type 2.
    static let sized: UInt32 = 2

    var number: UInt32
    var wire: UInt32
    /// Of the tag.
    var start: Int
    /// Of the length, or of a value without one.
    var lengthStart: Int
    /// Of the content behind the length.
    var contentStart: Int
    /// Behind the field.
    var end: Int

    var content: Range<Int> { contentStart..<end }
}

/// Reads fields; the scanner has checked the bytes, and nothing here trusts that.
struct WireReader {
    let bytes: UnsafeRawBufferPointer
    /// Where the next field begins.
    var place: Int

    /// The next field before `end`; nil at it.
    @inline(__always)
    mutating func next(before end: Int) throws(MaskFailure) -> WireField? {
        guard place < end else { return nil }
        let start = place
        let tag = try varint(before: end)
        var field = WireField(
            number: UInt32(truncatingIfNeeded: tag >> 3),
            wire: UInt32(tag & 7),
            start: start,
            lengthStart: place,
            contentStart: place,
            end: place
        )
        switch field.wire {
        case 0: _ = try varint(before: end)
        case 1: place += 8
        case 5: place += 4
        case WireField.sized:
            let length = try varint(before: end)
            field.contentStart = place
            guard length <= UInt64(end - place) else { throw Self.malformed }
            place += Int(length)
        default: throw Self.malformed
        }
        guard place <= end else { throw Self.malformed }
        field.end = place
        return field
    }

    @inline(__always)
    private mutating func varint(before end: Int) throws(MaskFailure) -> UInt64 {
        if place < end, bytes[place] < 0x80 {
            place &+= 1
            return UInt64(bytes[place &- 1])
        }
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while place < end, shift < 70 {
            let byte = bytes[place]
            place &+= 1
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
            shift += 7
        }
        throw Self.malformed
    }

    /// Bytes of the shortest varint of a length.
    static func width(of length: Int) -> Int {
        var width = 1
        var rest = length >> 7
        while rest > 0 {
            width += 1
            rest >>= 7
        }
        return width
    }

    /// The shortest varint of a length.
    static func varint(_ length: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        var rest = length
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
        return bytes
    }

    private static let malformed = MaskFailure(reason: "could not be read to mask them")
}
