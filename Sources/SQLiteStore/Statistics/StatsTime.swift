// StatsTime.swift - periods of time cut where statistics are kept.

import TraceStore

/// A period cut into whole days, whole hours, and what is left at its ends.
struct StatsTime {
    /// Days since the Unix epoch.
    var days: Range<Int64> = 0..<0
    /// Hours since the Unix epoch.
    var hours: [Range<Int64>] = []
    /// Nanoseconds since the Unix epoch.
    var edges: [Range<Int64>] = []

    /// Cuts a period.
    ///
    /// - Parameters:
    ///   - from: Nanoseconds since the Unix epoch; nil for the beginning of time.
    ///   - before: The same for its end, which does not belong to it.
    ///   - needsHours: Whether days are too coarse.
    init(from: Int64?, before: Int64?, needsHours: Bool) {
        let hour = RollupPeriod.hour.length
        let from = max(0, from ?? 0)
        let before = before ?? .max
        guard from < before else { return }
        let firstHour = from / hour + (from % hour > 0 ? 1 : 0)
        let endHour = before == .max ? before / hour + 1 : before / hour
        guard firstHour < endHour else {
            edges = [from..<before]
            return
        }
        if from < firstHour * hour { edges.append(from..<firstHour * hour) }
        if before < .max, endHour * hour < before { edges.append(endHour * hour..<before) }
        let firstDay = firstHour / 24 + (firstHour % 24 > 0 ? 1 : 0)
        let endDay = before == .max ? endHour / 24 + 1 : endHour / 24
        guard !needsHours, firstDay < endDay else {
            hours = [firstHour..<endHour]
            return
        }
        days = firstDay..<endDay
        hours = [firstHour..<firstDay * 24, endDay * 24..<max(endHour, endDay * 24)].filter { !$0.isEmpty }
    }
}

extension StatsInterval {
    private static let day = RollupPeriod.day.length

    /// The interval that a time lies in; nanoseconds since the Unix epoch.
    func range(around time: Int64) -> Range<Int64> {
        let day = max(0, time) / Self.day
        switch self {
        case .hour:
            let start = max(0, time) / RollupPeriod.hour.length * RollupPeriod.hour.length
            return start..<start.saturatingSum(RollupPeriod.hour.length)
        case .day:
            return day * Self.day..<(day * Self.day).saturatingSum(Self.day)
        case .week:
            // The epoch was a Thursday.
            let monday = day - (day + 3) % 7
            return max(0, monday) * Self.day..<Self.start(ofDay: monday + 7)
        case .month:
            let (year, month) = Self.month(ofDay: day)
            let first = Self.firstDay(year: year, month: month)
            let next =
                month == 12 ? Self.firstDay(year: year + 1, month: 1) : Self.firstDay(year: year, month: month + 1)
            return Self.start(ofDay: first)..<Self.start(ofDay: next)
        }
    }

    /// When a day begins; the end of time where it is beyond.
    private static func start(ofDay day: Int64) -> Int64 {
        let (start, overflow) = day.multipliedReportingOverflow(by: Self.day)
        return overflow ? .max : start
    }

    /// Year and month of a day since the epoch, in the Gregorian calendar.
    private static func month(ofDay day: Int64) -> (year: Int64, month: Int64) {
        // Years that begin in March have their leap day at the end.
        let shifted = day + 719_468
        let era = shifted / 146_097
        let dayOfEra = shifted % 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let place = (5 * dayOfYear + 2) / 153
        let month = place < 10 ? place + 3 : place - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month)
    }

    /// The first day of a month, in days since the epoch.
    private static func firstDay(year: Int64, month: Int64) -> Int64 {
        let year = month <= 2 ? year - 1 : year
        let era = year / 400
        let yearOfEra = year % 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}
