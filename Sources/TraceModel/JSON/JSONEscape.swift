// JSONEscape.swift - the escapes in strings of JSON.

/// Reads the escapes of strings (RFC 8259, section 7).
public enum JSONEscape {
    /// The scalar of the escape at a place; nil when none stands there.
    ///
    /// - Parameters:
    ///   - place: Where the backslash is.
    ///   - bytes: The text.
    /// - Returns: The scalar, U+FFFD for a lone surrogate, and how many bytes it takes: 6, or 12 for a pair.
    @inlinable
    public static func scalar(
        at place: Int,
        in bytes: UnsafeBufferPointer<UInt8>
    ) -> (scalar: Unicode.Scalar, length: Int)? {
        guard let unit = codeUnit(at: place, in: bytes) else { return nil }
        // A scalar beyond the basic plane is two escapes, a surrogate pair.
        if unit & 0xFC00 == 0xD800, let low = codeUnit(at: place + 6, in: bytes), low & 0xFC00 == 0xDC00 {
            return (Unicode.Scalar(0x10000 + (unit & 0x3FF) << 10 + low & 0x3FF) ?? "\u{FFFD}", 12)
        }
        return (Unicode.Scalar(unit) ?? "\u{FFFD}", 6)
    }

    /// What a letter behind a backslash stands for.
    ///
    /// - Parameter letter: Any but `u`, which needs its digits.
    /// - Returns: One ASCII character; nil for a letter that JSON does not know.
    @inlinable
    public static func character(_ letter: UInt8) -> UInt8? {
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): letter
        case UInt8(ascii: "n"): 0x0A
        case UInt8(ascii: "t"): 0x09
        case UInt8(ascii: "r"): 0x0D
        case UInt8(ascii: "b"): 0x08
        case UInt8(ascii: "f"): 0x0C
        default: nil
        }
    }

    /// How many bytes the escape at a place takes; nil when none stands there that JSON knows.
    ///
    /// - Parameters:
    ///   - place: Where the backslash is.
    ///   - bytes: The text.
    /// - Returns: 2, 6 or 12.
    public static func length(at place: Int, in bytes: UnsafeBufferPointer<UInt8>) -> Int? {
        guard place + 1 < bytes.count, bytes[place] == UInt8(ascii: "\\") else { return nil }
        let letter = bytes[place + 1]
        if letter == UInt8(ascii: "u") { return scalar(at: place, in: bytes)?.length }
        return character(letter) == nil ? nil : 2
    }

    /// The UTF-16 code unit of the six bytes of an escape; nil when something else stands there.
    @usableFromInline
    static func codeUnit(at place: Int, in bytes: UnsafeBufferPointer<UInt8>) -> UInt32? {
        guard place + 6 <= bytes.count, bytes[place] == UInt8(ascii: "\\"), bytes[place + 1] == UInt8(ascii: "u") else {
            return nil
        }
        var unit: UInt32 = 0
        for byte in bytes[place + 2..<place + 6] {
            guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue else { return nil }
            unit = unit << 4 | UInt32(digit)
        }
        return unit
    }
}
