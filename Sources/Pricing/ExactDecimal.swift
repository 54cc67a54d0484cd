// ExactDecimal.swift - a decimal as an integer of a smaller unit, exactly or not at all.

/// Reads decimals such as `0.0375` or `1.5e-2` as integers of a smaller unit.
enum ExactDecimal {
    /// Why a text is no amount.
    enum Fault: Error {
        case notDecimal, negative, tooFine, tooLarge
    }

    /// The decimal times ten to the power of `places`; refused when that is no whole number or greater than `limit`.
    static func read(
        _ text: UnsafeBufferPointer<UInt8>,
        places: Int,
        limit: Int64
    ) throws(Fault) -> Int64 {
        var place = 0
        let isNegative = text.first == UInt8(ascii: "-")
        if isNegative { place = 1 }
        var value: UInt64 = 0
        var exponent = places
        var digits = 0
        var zeros = 0
        var hasPoint = false
        while place < text.count {
            let byte = text[place]
            if let digit = byte.decimalDigit {
                digits += 1
                if hasPoint { exponent -= 1 }
                if digit == 0 {
                    zeros += 1
                } else {
                    value = try scaled(value, by: zeros + 1)
                    value += UInt64(digit)
                    zeros = 0
                }
            } else if byte == UInt8(ascii: "."), !hasPoint, digits > 0 {
                hasPoint = true
            } else {
                break
            }
            place += 1
        }
        guard digits > 0, text[place - 1] != UInt8(ascii: ".") else { throw .notDecimal }
        exponent += zeros + (try readExponent(text, from: place))
        return try whole(value, exponent: exponent, isNegative: isNegative, limit: limit)
    }

    private static func whole(
        _ value: UInt64,
        exponent: Int,
        isNegative: Bool,
        limit: Int64
    ) throws(Fault) -> Int64 {
        guard value != 0 else { return 0 }
        guard !isNegative else { throw .negative }
        // The value ends in a digit other than 0, so that a negative exponent leaves a fraction.
        guard exponent >= 0 else { throw .tooFine }
        let result = try scaled(value, by: exponent)
        guard result <= UInt64(limit) else { throw .tooLarge }
        return Int64(result)
    }

    private static func readExponent(_ text: UnsafeBufferPointer<UInt8>, from start: Int) throws(Fault) -> Int {
        guard start < text.count else { return 0 }
        guard text[start] | 0x20 == UInt8(ascii: "e") else { throw .notDecimal }
        var place = start + 1
        var sign = 1
        if place < text.count, text[place] == UInt8(ascii: "-") || text[place] == UInt8(ascii: "+") {
            sign = text[place] == UInt8(ascii: "-") ? -1 : 1
            place += 1
        }
        guard place < text.count, text.count - place <= 3 else { throw .notDecimal }
        var exponent = 0
        while place < text.count {
            guard let digit = text[place].decimalDigit else { throw .notDecimal }
            exponent = exponent * 10 + digit
            place += 1
        }
        return sign * exponent
    }

    /// Times a power of ten that leaves room for one more digit.
    private static func scaled(_ value: UInt64, by places: Int) throws(Fault) -> UInt64 {
        guard value != 0 else { return 0 }
        guard places <= 18 else { throw .tooLarge }
        var result = value
        for _ in 0..<places {
            guard result < UInt64.max / 10 - 1 else { throw .tooLarge }
            result *= 10
        }
        return result
    }

    /// The number over ten to the power of `places`, as the shortest decimal.
    static func text(_ value: Int64, places: Int) -> String {
        let digits = String(value)
        guard digits.utf8.count > places else {
            return text(digits: String(repeating: "0", count: places + 1 - digits.utf8.count) + digits, places: places)
        }
        return text(digits: digits, places: places)
    }

    private static func text(digits: String, places: Int) -> String {
        var fraction = digits.suffix(places)
        while fraction.last == "0" { fraction.removeLast() }
        let whole = digits.dropLast(places)
        return fraction.isEmpty ? String(whole) : "\(whole).\(fraction)"
    }
}

extension UInt8 {
    /// The digit that the character stands for.
    @inline(__always)
    var decimalDigit: Int? {
        self >= UInt8(ascii: "0") && self <= UInt8(ascii: "9") ? Int(self) - Int(UInt8(ascii: "0")) : nil
    }
}
