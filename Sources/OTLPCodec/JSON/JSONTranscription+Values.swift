// JSONTranscription+Values.swift - numbers, enums, ids and bytes.

/// The names that the values of an enum have in its `.proto` file.
enum JSONEnum {
    static let spanKinds: [StaticString] = [
        "SPAN_KIND_UNSPECIFIED", "SPAN_KIND_INTERNAL", "SPAN_KIND_SERVER", "SPAN_KIND_CLIENT", "SPAN_KIND_PRODUCER",
        "SPAN_KIND_CONSUMER",
    ]
    static let statusCodes: [StaticString] = ["STATUS_CODE_UNSET", "STATUS_CODE_OK", "STATUS_CODE_ERROR"]
    static let severities: [StaticString] = [
        "SEVERITY_NUMBER_UNSPECIFIED", "SEVERITY_NUMBER_TRACE", "SEVERITY_NUMBER_TRACE2", "SEVERITY_NUMBER_TRACE3",
        "SEVERITY_NUMBER_TRACE4", "SEVERITY_NUMBER_DEBUG", "SEVERITY_NUMBER_DEBUG2", "SEVERITY_NUMBER_DEBUG3",
        "SEVERITY_NUMBER_DEBUG4", "SEVERITY_NUMBER_INFO", "SEVERITY_NUMBER_INFO2", "SEVERITY_NUMBER_INFO3",
        "SEVERITY_NUMBER_INFO4", "SEVERITY_NUMBER_WARN", "SEVERITY_NUMBER_WARN2", "SEVERITY_NUMBER_WARN3",
        "SEVERITY_NUMBER_WARN4", "SEVERITY_NUMBER_ERROR", "SEVERITY_NUMBER_ERROR2", "SEVERITY_NUMBER_ERROR3",
        "SEVERITY_NUMBER_ERROR4", "SEVERITY_NUMBER_FATAL", "SEVERITY_NUMBER_FATAL2", "SEVERITY_NUMBER_FATAL3",
        "SEVERITY_NUMBER_FATAL4",
    ]
}

extension UnsafeRawBufferPointer {
    /// Whether these are the bytes of a text.
    fileprivate func equals(_ text: StaticString) -> Bool {
        count == text.utf8CodeUnitCount
            && elementsEqual(UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }
}

extension JSONTranscription {
    /// Writes a varint field; zero only if asked for.
    mutating func varint(_ field: UnsafePointer<JSONField>, _ value: Int64, _ writesDefault: Bool) {
        guard value != 0 || writesDefault else { return }
        out.tag(field)
        out.varint(UInt64(bitPattern: value))
    }

    /// Writes a field of eight bytes.
    mutating func fixed64(_ field: UnsafePointer<JSONField>, writesDefault: Bool) throws(JSONFault) {
        let first = next
        guard let value = try decimal(.integer).unsigned else { throw fault(.integer, at: first) }
        guard value != 0 || writesDefault else { return }
        out.tag(field)
        out.fixed(value)
    }

    /// Writes a field of four bytes.
    mutating func fixed32(_ field: UnsafePointer<JSONField>, writesDefault: Bool) throws(JSONFault) {
        let value = UInt32(truncatingIfNeeded: try unsigned32())
        guard value != 0 || writesDefault else { return }
        out.tag(field)
        out.fixed(value)
    }

    /// Writes a double: a number, a number in quotes, `NaN`, `Infinity` or `-Infinity`.
    mutating func double(_ field: UnsafePointer<JSONField>, writesDefault: Bool) throws(JSONFault) {
        let first = next
        guard let value = try doubleValue() else { throw fault(.number, at: first) }
        guard value.bitPattern != 0 || writesDefault else { return }
        out.tag(field)
        out.fixed(value.bitPattern)
    }

    /// Writes the bytes of an id from its hex digits (OTLP/JSON has hex here, not base64).
    ///
    /// An id of another length stays as it is; text that is not hex becomes one zero byte, which is no valid id.
    mutating func id(_ field: UnsafePointer<JSONField>, writesDefault: Bool) throws(JSONFault) {
        guard token() == UInt8(ascii: "\"") else { throw fault(.string) }
        let text = try scratch()
        guard !text.isEmpty || writesDefault else { return }
        out.tag(field)
        out.open(width: MessageWriter.width(of: text.count / 2))
        if !writeHex(text) {
            out.truncate(to: 0)
            out.fixed(UInt8(0))
        }
        try out.close()
    }

    /// Writes bytes from base64: either alphabet, with or without padding.
    mutating func base64(_ field: UnsafePointer<JSONField>) throws(JSONFault) {
        guard token() == UInt8(ascii: "\"") else { throw fault(.string) }
        let first = next
        let text = try scratch()
        out.tag(field)
        out.open(width: MessageWriter.width(of: text.count / 4 * 3))
        guard writeBase64(text) else { throw fault(.base64, at: first) }
        try out.close()
    }

    /// Reads `true` or `false`.
    mutating func bool() throws(JSONFault) -> Bool {
        switch token() {
        case UInt8(ascii: "t"):
            try literal("true")
            return true
        case UInt8(ascii: "f"):
            try literal("false")
            return false
        default: throw fault(.bool)
        }
    }

    /// Reads a signed integer of 64 bits.
    mutating func signed64() throws(JSONFault) -> Int64 {
        let first = next
        guard let value = try decimal(.integer).signed else { throw fault(.integer, at: first) }
        return value
    }

    /// Reads an unsigned integer of 32 bits.
    mutating func unsigned32() throws(JSONFault) -> Int64 {
        let first = next
        guard let value = try decimal(.integer).unsigned, value <= UInt32.max else {
            throw fault(.integer, at: first)
        }
        return Int64(value)
    }

    /// Reads an enum: its number, any of 32 bits, or one of its names.
    mutating func enumNumber(_ names: [StaticString]) throws(JSONFault) -> Int64 {
        let first = next
        var value: Int64?
        if token() == UInt8(ascii: "\"") {
            let text = try scratch()
            value = names.firstIndex { text.equals($0) }.map(Int64.init) ?? Self.decimal(in: text)?.signed
        } else {
            value = try decimal(.enumName).signed
        }
        guard let value, Int32(exactly: value) != nil else { throw fault(.enumName, at: first) }
        return value
    }

    /// Reads a number, in quotes or not.
    private mutating func decimal(_ expected: JSONExpectation) throws(JSONFault) -> JSONDecimal {
        if token() != UInt8(ascii: "\"") {
            guard let number = JSONDecimal(next, end: end) else { throw fault(expected) }
            next += number.length
            return number
        }
        let first = next
        guard let number = Self.decimal(in: try scratch()) else { throw fault(expected, at: first) }
        return number
    }

    private mutating func doubleValue() throws(JSONFault) -> Double? {
        if token() != UInt8(ascii: "\"") {
            guard let number = JSONDecimal(next, end: end) else { return nil }
            defer { next += number.length }
            return number.double(textAt: next)
        }
        let text = try scratch()
        if text.equals("NaN") { return .nan }
        if text.equals("Infinity") { return .infinity }
        if text.equals("-Infinity") { return -.infinity }
        guard let first = text.baseAddress else { return nil }
        return Self.decimal(in: text)?.double(textAt: first)
    }

    /// The number that a text is, as a whole.
    private static func decimal(in text: UnsafeRawBufferPointer) -> JSONDecimal? {
        guard let first = text.baseAddress, let number = JSONDecimal(first, end: first + text.count) else { return nil }
        return number.length == text.count ? number : nil
    }

    /// Writes what hex digits spell; false when they are none.
    ///
    /// The text stands behind what is written.
    private mutating func writeHex(_ text: UnsafeRawBufferPointer) -> Bool {
        guard text.count % 2 == 0, var source = text.baseAddress else { return false }
        var rest = text.count
        while rest > 0 {
            var word = JSONWord.load(source)
            // The digits that are missing in the last word read as zeros.
            let present = JSONWord.prefix(rest)
            word = word & present | 0x3030_3030_3030_3030 & ~present
            guard let bytes = JSONWord.eightHexDigits(word) else { return false }
            out.next.storeBytes(of: bytes.littleEndian, as: UInt32.self)
            out.advance(min(rest, 8) / 2)
            source += 8
            rest -= 8
        }
        return true
    }

    /// Writes what base64 spells; false when it is none.
    ///
    /// The text stands behind what is written.
    private mutating func writeBase64(_ text: UnsafeRawBufferPointer) -> Bool {
        var digits = text
        while digits.last == UInt8(ascii: "="), text.count - digits.count < 2 {
            digits = UnsafeRawBufferPointer(rebasing: digits.dropLast())
        }
        guard digits.count % 4 != 1, digits.count == text.count || text.count % 4 == 0 else { return false }
        var bits: UInt32 = 0
        var held = 0
        for digit in digits {
            guard let value = Self.base64Value(digit) else { return false }
            bits = bits << 6 | value
            held += 6
            if held >= 8 {
                held -= 8
                out.fixed(UInt8(truncatingIfNeeded: bits >> UInt32(held)))
            }
        }
        return true
    }

    private static func base64Value(_ digit: UInt8) -> UInt32? {
        switch digit {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(digit - UInt8(ascii: "A"))
        case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(digit - UInt8(ascii: "a")) + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(digit - UInt8(ascii: "0")) + 52
        case UInt8(ascii: "+"), UInt8(ascii: "-"): 62
        case UInt8(ascii: "/"), UInt8(ascii: "_"): 63
        default: nil
        }
    }
}
