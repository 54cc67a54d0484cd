// ISO8601Time.swift - the times that clients write into URLs.

import OTLPCodec

/// Reads times in ISO 8601, as RFC 3339 narrows it: a date, or a date and a time with or without offset.
public enum ISO8601Time {
    /// Nanoseconds since the Unix epoch; nil for anything that names no time.
    ///
    /// Without an offset the time is UTC; without a time it is the first moment of the day. A space may stand for the
    /// `T`, and for the `+` of the offset, which is what becomes of it in a URL. Times out of range stay at its end.
    public static func nanoseconds(_ text: String) -> Int64? {
        var rest = Array(text.utf8)[...]
        guard let date = date(&rest) else { return nil }
        var seconds = date.daysSinceEpoch * 86_400
        var fraction: Int64 = 0
        if !rest.isEmpty {
            guard rest.popFirst(oneOf: "Tt "), let time = timeOfDay(&rest), let offset = offset(&rest), rest.isEmpty
            else {
                return nil
            }
            seconds += time.seconds - offset
            fraction = time.fraction
        }
        let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        let (sum, carried) = whole.addingReportingOverflow(fraction)
        guard !overflow, !carried else { return seconds < 0 ? .min : .max }
        return sum
    }

    private static func date(_ rest: inout ArraySlice<UInt8>) -> CivilDate? {
        guard let year = rest.popNumber(digits: 4), rest.popFirst(oneOf: "-"),
            let month = rest.popNumber(digits: 2), rest.popFirst(oneOf: "-"),
            let day = rest.popNumber(digits: 2)
        else { return nil }
        return CivilDate(year: year, month: month, day: day)
    }

    private static func timeOfDay(_ rest: inout ArraySlice<UInt8>) -> (seconds: Int64, fraction: Int64)? {
        guard let hour = rest.popNumber(digits: 2), hour < 24, rest.popFirst(oneOf: ":"),
            let minute = rest.popNumber(digits: 2), minute < 60
        else { return nil }
        let seconds = hour * 3600 + minute * 60
        guard rest.popFirst(oneOf: ":") else { return (seconds, 0) }
        guard let second = rest.popNumber(digits: 2), second < 60 else { return nil }
        guard rest.popFirst(oneOf: ".") else { return (seconds + second, 0) }
        guard let fraction = fraction(&rest) else { return nil }
        return (seconds + second, fraction)
    }

    private static func fraction(_ rest: inout ArraySlice<UInt8>) -> Int64? {
        var nanoseconds: Int64 = 0
        var digits = 0
        while let digit = rest.popNumber(digits: 1) {
            guard digits < 9 else { return nil }
            nanoseconds = nanoseconds * 10 + digit
            digits += 1
        }
        guard digits > 0 else { return nil }
        for _ in digits..<9 { nanoseconds *= 10 }
        return nanoseconds
    }

    /// Seconds east of UTC.
    private static func offset(_ rest: inout ArraySlice<UInt8>) -> Int64? {
        if rest.isEmpty || rest.popFirst(oneOf: "Zz") { return 0 }
        let isWest = rest.first == UInt8(ascii: "-")
        guard rest.popFirst(oneOf: "+- "), let hours = rest.popNumber(digits: 2), hours < 24 else { return nil }
        _ = rest.popFirst(oneOf: ":")
        guard let minutes = rest.popNumber(digits: 2), minutes < 60 else { return nil }
        let seconds = hours * 3600 + minutes * 60
        return isWest ? -seconds : seconds
    }
}

extension ArraySlice<UInt8> {
    /// Takes the first byte away when it is one of `characters`.
    fileprivate mutating func popFirst(oneOf characters: String) -> Bool {
        guard let first, characters.utf8.contains(first) else { return false }
        removeFirst()
        return true
    }

    /// Takes exactly so many digits away; nil, and nothing taken, when there are fewer.
    fileprivate mutating func popNumber(digits: Int) -> Int64? {
        guard count >= digits else { return nil }
        var number: Int64 = 0
        for byte in prefix(digits) {
            guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { return nil }
            number = number * 10 + Int64(byte - UInt8(ascii: "0"))
        }
        removeFirst(digits)
        return number
    }
}
