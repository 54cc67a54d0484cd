// PicoUSD.swift - exact money.

/// An amount of money in 10^-12 USD.
///
/// Sums of integers do not drift; a price of 0.0375 USD per million tokens is a whole number here.
/// The range is about 9.2 million USD either way; arithmetic saturates there.
public struct PicoUSD: Hashable, Sendable, Comparable {
    /// The amount in 10^-12 USD.
    public let value: Int64

    /// Makes an amount of 10^-12 USD.
    public init(_ value: Int64) {
        self.value = value
    }

    /// Rounds an amount of USD to the nearest 10^-12, half away from zero; nil when it is no number or out of range.
    ///
    /// - Parameter usd: USD; reads as the shortest decimal that names this double, so that 0.0135 is exactly 0.0135.
    public init?(usd: Double) {
        guard usd.isFinite, abs(usd) < 9_000_000 else { return nil }
        self.init(decimal: "\(usd)")
    }

    /// Reads a decimal such as `0.0135`, `12`, `1.5e-05`; nil for anything else or out of range.
    ///
    /// Digits beyond 10^-12 are rounded half away from zero.
    public init?(decimal text: some StringProtocol) {
        guard let parsed = DecimalText(text)?.scaled(by: 12) else { return nil }
        self.init(parsed)
    }

    /// The amount in USD, as the nearest double.
    public var usd: Double {
        Double(value) / 1e12
    }

    /// The amount in USD as the shortest exact decimal, such as `0.0135` or `0`.
    public var decimal: String {
        var (whole, fraction) = value.magnitude.quotientAndRemainder(dividingBy: 1_000_000_000_000)
        // From the last digit to the first; 7 whole digits, 12 others, point and sign are the most.
        return withUnsafeTemporaryAllocation(byteCount: 24, alignment: 1) { bytes in
            var start = bytes.count
            func put(_ byte: UInt8) {
                start -= 1
                bytes[start] = byte
            }
            var digits = fraction == 0 ? 0 : 12
            while digits > 0, fraction % 10 == 0 {
                fraction /= 10
                digits -= 1
            }
            for _ in 0..<digits {
                put(UInt8(ascii: "0") + UInt8(fraction % 10))
                fraction /= 10
            }
            if digits > 0 { put(UInt8(ascii: ".")) }
            repeat {
                put(UInt8(ascii: "0") + UInt8(whole % 10))
                whole /= 10
            } while whole > 0
            if value < 0 { put(UInt8(ascii: "-")) }
            return String(decoding: UnsafeRawBufferPointer(rebasing: bytes[start...]), as: UTF8.self)
        }
    }

    /// Adds, and stays at the limit of the range instead of overflowing.
    public static func + (left: PicoUSD, right: PicoUSD) -> PicoUSD {
        let (sum, overflow) = left.value.addingReportingOverflow(right.value)
        guard overflow else { return PicoUSD(sum) }
        return PicoUSD(left.value < 0 ? .min : .max)
    }

    /// Orders by amount.
    public static func < (left: PicoUSD, right: PicoUSD) -> Bool {
        left.value < right.value
    }
}

/// A decimal number as digits and exponent, read without going through a double.
private struct DecimalText {
    var negative = false
    var digits: [UInt8] = []
    var exponent = 0

    init?(_ text: some StringProtocol) {
        var bytes = Array(text.utf8)[...]
        if bytes.first == UInt8(ascii: "-") || bytes.first == UInt8(ascii: "+") {
            negative = bytes.removeFirst() == UInt8(ascii: "-")
        }
        var seenPoint = false
        var seenDigit = false
        while let byte = bytes.first {
            if byte == UInt8(ascii: "."), !seenPoint {
                seenPoint = true
            } else if byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") {
                seenDigit = true
                if digits.count < 40 {
                    digits.append(byte - UInt8(ascii: "0"))
                    if seenPoint { exponent -= 1 }
                } else if !seenPoint {
                    exponent += 1
                }
            } else {
                break
            }
            bytes.removeFirst()
        }
        guard seenDigit else { return nil }
        guard let mark = bytes.first else { return }
        guard mark == UInt8(ascii: "e") || mark == UInt8(ascii: "E") else { return nil }
        let power = String(decoding: bytes.dropFirst(), as: UTF8.self)
        guard let shift = Int(power), (-99...99).contains(shift) else { return nil }
        exponent += shift
    }

    /// The value times ten to the power of `places`, rounded half away from zero.
    func scaled(by places: Int) -> Int64? {
        let shift = exponent + places
        var kept = digits[...]
        var roundUp = false
        if shift < 0 {
            let cut = -shift
            guard cut <= kept.count else { return 0 }
            roundUp = kept[kept.endIndex - cut] >= 5
            kept = kept.dropLast(cut)
        }
        var result: Int64 = 0
        for digit in kept + Array(repeating: 0, count: max(0, min(shift, 40))) {
            let (product, overflow) = result.multipliedReportingOverflow(by: 10)
            let (sum, carried) = product.addingReportingOverflow(Int64(digit))
            guard !overflow, !carried else { return nil }
            result = sum
        }
        if roundUp {
            guard result < .max else { return nil }
            result += 1
        }
        return negative ? -result : result
    }
}
