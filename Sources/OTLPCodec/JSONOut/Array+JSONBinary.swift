// Array+JSONBinary.swift - bytes as hex and base64, appended to bytes.

extension [UInt8] {
    /// Appends a JSON string of lower-case hex digits.
    public mutating func appendJSON(hex bytes: UnsafeRawBufferPointer) {
        append(UInt8(ascii: "\""))
        for byte in bytes {
            append((byte >> 4).lowHexDigit)
            append(byte.lowHexDigit)
        }
        append(UInt8(ascii: "\""))
    }

    /// Appends a JSON string of base64, padded (RFC 4648, section 4).
    public mutating func appendJSON(base64 bytes: UnsafeRawBufferPointer) {
        append(UInt8(ascii: "\""))
        var at = 0
        while at + 3 <= bytes.count {
            appendBase64(UInt32(bytes[at]) << 16 | UInt32(bytes[at + 1]) << 8 | UInt32(bytes[at + 2]), digits: 4)
            at += 3
        }
        switch bytes.count - at {
        case 1:
            appendBase64(UInt32(bytes[at]) << 16, digits: 2)
            append(raw: "==")
        case 2:
            appendBase64(UInt32(bytes[at]) << 16 | UInt32(bytes[at + 1]) << 8, digits: 3)
            append(raw: "=")
        default: break
        }
        append(UInt8(ascii: "\""))
    }

    private mutating func appendBase64(_ group: UInt32, digits: Int) {
        for place in 0..<digits {
            append(UInt8(truncatingIfNeeded: group >> UInt32(18 - 6 * place)).base64Digit)
        }
    }
}

extension UInt8 {
    /// The lower six bits as a digit of the standard alphabet.
    fileprivate var base64Digit: UInt8 {
        switch self & 0x3F {
        case let value where value < 26: value + UInt8(ascii: "A")
        case let value where value < 52: value - 26 + UInt8(ascii: "a")
        case let value where value < 62: value - 52 + UInt8(ascii: "0")
        case 62: UInt8(ascii: "+")
        default: UInt8(ascii: "/")
        }
    }
}
