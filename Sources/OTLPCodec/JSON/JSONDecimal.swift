// JSONDecimal.swift - a JSON number as digits and exponent, never through a double unless it is one.

/// A number of the JSON grammar: `mantissa` times ten to the power of `exponent`.
struct JSONDecimal {
    /// Whether it is written with a minus sign.
    var isNegative = false
    /// The significant digits; without trailing zeros when the number has a point or an exponent.
    var mantissa: UInt64 = 0
    /// The power of ten.
    var exponent = 0
    /// Whether `mantissa` holds all significant digits.
    var isExact = true
    /// Bytes of the text.
    var length = 0

    /// Reads the number at `start`; nil when there is none.
    ///
    /// What follows it is the caller's business.
    init?(_ start: UnsafeRawPointer, end: UnsafeRawPointer) {
        var next = start
        if next < end, next.load(as: UInt8.self) == UInt8(ascii: "-") {
            isNegative = true
            next += 1
        }
        let first = next
        while next - first < 16, end - next >= 8, let digits = JSONWord.eightDigits(JSONWord.load(next)) {
            mantissa = mantissa &* 100_000_000 &+ digits
            next += 8
        }
        // 19 digits always fit 64 bits.
        while next - first < 19, next < end, let digit = Self.digit(next) {
            mantissa = mantissa &* 10 &+ digit
            next += 1
        }
        guard next > first else { return nil }
        if next < end, Self.continuesNumber(next.load(as: UInt8.self)) {
            guard let end = readAll(first, end: end) else { return nil }
            next = end
        } else if next - first > 1, first.load(as: UInt8.self) == UInt8(ascii: "0") {
            return nil
        }
        length = next - start
    }

    /// The magnitude as an integer; nil when it is none or above 2^64 - 1.
    var integer: UInt64? {
        if exponent == 0, isExact { return mantissa }
        guard isExact, mantissa != 0 else { return isExact ? 0 : nil }
        guard exponent > 0, exponent < 20 else { return nil }
        var value = mantissa
        for _ in 0..<exponent {
            let (product, overflow) = value.multipliedReportingOverflow(by: 10)
            guard !overflow else { return nil }
            value = product
        }
        return value
    }

    /// The value as a signed integer; nil when it is none or out of range.
    var signed: Int64? {
        guard let magnitude = integer else { return nil }
        if isNegative {
            return magnitude <= 1 << 63 ? Int64(truncatingIfNeeded: 0 &- magnitude) : nil
        }
        return Int64(exactly: magnitude)
    }

    /// The value as an unsigned integer; nil when it is none or negative.
    var unsigned: UInt64? {
        guard let magnitude = integer, !isNegative || magnitude == 0 else { return nil }
        return magnitude
    }

    /// The nearest double of the number whose text begins at `start`; infinite when it is beyond all doubles.
    func double(textAt start: UnsafeRawPointer) -> Double? {
        // Both factors are exact, so one operation rounds once.
        if isExact, mantissa < 1 << 53, exponent >= -22, exponent <= 22 {
            let magnitude = Double(mantissa)
            let scaled = exponent < 0 ? magnitude / Self.powers[-exponent] : magnitude * Self.powers[exponent]
            return isNegative ? -scaled : scaled
        }
        return Double(String(decoding: UnsafeRawBufferPointer(start: start, count: length), as: UTF8.self))
    }

    private static let powers: [Double] = [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11,
        1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
    ]

    /// Reads digits, fraction and exponent from the first digit on; gives the end, or nil outside the grammar.
    private mutating func readAll(_ first: UnsafeRawPointer, end: UnsafeRawPointer) -> UnsafeRawPointer? {
        mantissa = 0
        var zeros = 0
        var next = first
        while next < end, let digit = Self.digit(next) {
            append(digit, after: &zeros)
            next += 1
        }
        if next - first > 1, first.load(as: UInt8.self) == UInt8(ascii: "0") { return nil }
        if next < end, next.load(as: UInt8.self) == UInt8(ascii: ".") {
            let point = next
            next += 1
            while next < end, let digit = Self.digit(next) {
                append(digit, after: &zeros)
                next += 1
            }
            guard next - point > 1 else { return nil }
            exponent = -(next - point - 1)
        }
        if next < end, next.load(as: UInt8.self) | 0x20 == UInt8(ascii: "e") {
            guard let end = readExponent(next + 1, end: end) else { return nil }
            next = end
        }
        exponent += zeros
        return next
    }

    private mutating func readExponent(_ start: UnsafeRawPointer, end: UnsafeRawPointer) -> UnsafeRawPointer? {
        var next = start
        guard next < end else { return nil }
        let sign = next.load(as: UInt8.self)
        if sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") { next += 1 }
        let first = next
        var power = 0
        while next < end, let digit = Self.digit(next) {
            // Far beyond every double and every length of a body.
            if power < 1 << 40 { power = power * 10 + Int(digit) }
            next += 1
        }
        guard next > first else { return nil }
        exponent += sign == UInt8(ascii: "-") ? -power : power
        return next
    }

    /// Takes a digit; zeros are held back until a digit follows that needs them.
    private mutating func append(_ digit: UInt64, after zeros: inout Int) {
        guard digit != 0 else {
            if mantissa != 0 || !isExact { zeros += 1 }
            return
        }
        var shift = zeros + 1
        zeros = 0
        while shift > 0, isExact {
            shift -= 1
            let (product, overflow) = mantissa.multipliedReportingOverflow(by: 10)
            let (sum, carried) = product.addingReportingOverflow(shift == 0 ? digit : 0)
            mantissa = sum
            if overflow || carried { isExact = false }
            if mantissa == 0 { shift = min(shift, 1) }
        }
    }

    @inline(__always)
    private static func digit(_ address: UnsafeRawPointer) -> UInt64? {
        let value = address.load(as: UInt8.self) &- UInt8(ascii: "0")
        return value < 10 ? UInt64(value) : nil
    }

    @inline(__always)
    private static func continuesNumber(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: ".") || byte | 0x20 == UInt8(ascii: "e") || byte &- UInt8(ascii: "0") < 10
    }
}
