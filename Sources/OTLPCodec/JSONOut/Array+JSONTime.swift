// Array+JSONTime.swift - times and durations as JSON, appended to bytes.

extension [UInt8] {
    /// Appends a time as a JSON string in ISO 8601: UTC, millisecond precision, such as `2024-01-15T10:30:00.000Z`.
    ///
    /// - Parameter nanoseconds: Since the Unix epoch; the digits below a millisecond are cut off.
    public mutating func appendJSON(time nanoseconds: Int64) {
        let (second, fraction) = nanoseconds.flooredQuotient(by: 1_000_000_000)
        let (day, secondOfDay) = second.flooredQuotient(by: 86_400)
        let date = CivilDate(daysSinceEpoch: day)
        append(UInt8(ascii: "\""))
        append(decimal: date.year, width: 4)
        append(UInt8(ascii: "-"))
        append(decimal: date.month, width: 2)
        append(UInt8(ascii: "-"))
        append(decimal: date.day, width: 2)
        append(UInt8(ascii: "T"))
        append(decimal: secondOfDay / 3600, width: 2)
        append(UInt8(ascii: ":"))
        append(decimal: secondOfDay / 60 % 60, width: 2)
        append(UInt8(ascii: ":"))
        append(decimal: secondOfDay % 60, width: 2)
        append(UInt8(ascii: "."))
        append(decimal: fraction / 1_000_000, width: 3)
        append(raw: "Z\"")
    }

    /// Appends a time as `appendJSON(time:)` does, but to the second, such as `2024-01-15T10:30:00Z`.
    ///
    /// - Parameter nanoseconds: Since the Unix epoch; the digits below a second are cut off.
    public mutating func appendJSON(timeToTheSecond nanoseconds: Int64) {
        appendJSON(time: nanoseconds)
        // `.000Z` and the quote.
        removeLast(6)
        append(raw: "Z\"")
    }

    /// Appends a duration in milliseconds as an exact number: an integer when whole, else with up to six decimals.
    public mutating func appendJSON(milliseconds nanoseconds: Int64) {
        let magnitude = nanoseconds.magnitude
        if nanoseconds < 0 { append(UInt8(ascii: "-")) }
        appendJSON(magnitude / 1_000_000)
        var fraction = Int64(magnitude % 1_000_000)
        guard fraction > 0 else { return }
        var width = 6
        while fraction % 10 == 0 {
            fraction /= 10
            width -= 1
        }
        append(UInt8(ascii: "."))
        append(decimal: fraction, width: width)
    }

    /// Appends a duration in milliseconds as an exact number, or `null` for nil.
    public mutating func appendJSON(milliseconds nanoseconds: Int64?) {
        if let nanoseconds { appendJSON(milliseconds: nanoseconds) } else { append(raw: "null") }
    }

    /// Appends the last `width` digits of a number that is not negative, with leading zeros.
    private mutating func append(decimal number: Int64, width: Int) {
        var rest = number
        let end = count + width
        append(contentsOf: repeatElement(UInt8(ascii: "0"), count: width))
        for place in 1...width {
            self[end - place] = UInt8(ascii: "0") + UInt8(rest % 10)
            rest /= 10
        }
    }
}
