// CalendarDay.swift - days and times of day, in UTC.

/// A day, counted from 1 January 1970.
struct CalendarDay: Hashable, Comparable, Sendable {
    /// Days since 1 January 1970.
    let number: Int32

    /// Counts a day.
    init(number: Int32) {
        self.number = number
    }

    /// The day that holds a time, in nanoseconds since the Unix epoch, and the minute of that day.
    @inline(__always)
    static func split(_ nanoseconds: Int64) -> (day: CalendarDay, minute: Int) {
        let seconds = nanoseconds / 1_000_000_000 - (nanoseconds % 1_000_000_000 < 0 ? 1 : 0)
        let days = seconds / 86_400 - (seconds % 86_400 < 0 ? 1 : 0)
        return (CalendarDay(number: Int32(days)), Int(seconds - days * 86_400) / 60)
    }

    /// Reads `YYYY-MM-DD`; nil for anything else and for days that no calendar has.
    init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count == 10, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"),
            let year = Self.number(bytes[0..<4]), let month = Self.number(bytes[5..<7]),
            let day = Self.number(bytes[8..<10]), (1...12).contains(month), day >= 1,
            day <= Self.days(inMonth: month, of: year)
        else { return nil }
        // Years begin in March here, so that the leap day is a year's last.
        let shifted = month > 2 ? year : year - 1
        let monthDays = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5
        let yearDays = shifted * 365 + shifted / 4 - shifted / 100 + shifted / 400
        number = Int32(yearDays + monthDays + day - 1 - 719_468)
    }

    /// The day as `YYYY-MM-DD`.
    var text: String {
        let days = Int(number) + 719_468
        let era = (days >= 0 ? days : days - 146_096) / 146_097
        let rest = days - era * 146_097
        let year = (rest - rest / 1460 + rest / 36_524 - rest / 146_096) / 365
        let yearDay = rest - (365 * year + year / 4 - year / 100)
        let shifted = (5 * yearDay + 2) / 153
        let month = shifted < 10 ? shifted + 3 : shifted - 9
        let day = yearDay - (153 * shifted + 2) / 5 + 1
        return "\(padded(year + era * 400 + (month <= 2 ? 1 : 0), 4))-\(padded(month, 2))-\(padded(day, 2))"
    }

    /// Orders by time.
    static func < (left: CalendarDay, right: CalendarDay) -> Bool {
        left.number < right.number
    }

    static func days(inMonth month: Int, of year: Int) -> Int {
        switch month {
        case 2: (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    private static func number(_ digits: ArraySlice<UInt8>) -> Int? {
        var result = 0
        for byte in digits {
            guard let digit = byte.decimalDigit else { return nil }
            result = result * 10 + digit
        }
        return result
    }
}

/// A part of each day, in UTC, that begins with a minute and ends before one; it may span midnight.
struct DayWindow: Equatable, Sendable {
    /// The first minute of the day.
    let start: Int16
    /// The minute before which it ends; 1440 is the end of the day.
    let end: Int16

    /// Reads two times such as `22:00` and `06:30`; nil for anything else and for two equal ones.
    init?(_ start: String, _ end: String) {
        guard let start = Self.minute(start), let end = Self.minute(end), start != end, start < 1440 else { return nil }
        self.start = start
        self.end = end
    }

    /// Whether it holds a minute of the day.
    func contains(_ minute: Int) -> Bool {
        start < end
            ? minute >= Int(start) && minute < Int(end)
            : minute >= Int(start) || minute < Int(end)
    }

    /// Both times, such as `22:00` and `06:30`.
    var texts: [String] {
        [start, end].map { "\(padded(Int($0) / 60, 2)):\(padded(Int($0) % 60, 2))" }
    }

    private static func minute(_ text: String) -> Int16? {
        let bytes = Array(text.utf8)
        guard bytes.count == 5, bytes[2] == UInt8(ascii: ":"), let tens = bytes[0].decimalDigit,
            let ones = bytes[1].decimalDigit, let minuteTens = bytes[3].decimalDigit, minuteTens < 6,
            let minuteOnes = bytes[4].decimalDigit
        else { return nil }
        let minute = (tens * 10 + ones) * 60 + minuteTens * 10 + minuteOnes
        return minute <= 1440 ? Int16(minute) : nil
    }
}

private func padded(_ number: Int, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
}
