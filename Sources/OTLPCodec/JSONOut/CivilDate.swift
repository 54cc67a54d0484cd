// CivilDate.swift - dates of the calendar as numbers of days.

/// A date of the proleptic Gregorian calendar.
public struct CivilDate: Sendable, Equatable {
    /// The year; 1970 for the epoch.
    public var year: Int64
    /// 1 to 12.
    public var month: Int64
    /// 1 to 31.
    public var day: Int64

    /// Makes a date; nil when there is no such day.
    public init?(year: Int64, month: Int64, day: Int64) {
        guard (1...9999).contains(year), (1...12).contains(month), day >= 1 else { return nil }
        self.year = year
        self.month = month
        self.day = day
        guard day <= 28 || CivilDate(daysSinceEpoch: daysSinceEpoch) == self else { return nil }
    }

    /// The date so many days after 1 January 1970.
    ///
    /// Counts in years that begin with March, so that the leap day is the last of its year, and in eras of 400 years,
    /// which all have 146,097 days.
    public init(daysSinceEpoch: Int64) {
        let (era, dayOfEra) = (daysSinceEpoch + Self.epochInEras).flooredQuotient(by: 146_097)
        let leapDaysBefore = dayOfEra / 1460 - dayOfEra / 36_524 + dayOfEra / 146_096
        let yearOfEra = (dayOfEra - leapDaysBefore) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        // Five months from March on always have 153 days, in the same order.
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        year = era * 400 + yearOfEra + (month <= 2 ? 1 : 0)
    }

    /// Days after 1 January 1970; negative before.
    public var daysSinceEpoch: Int64 {
        let (era, yearOfEra) = (month <= 2 ? year - 1 : year).flooredQuotient(by: 400)
        let monthFromMarch = month > 2 ? month - 3 : month + 9
        let dayOfYear = (153 * monthFromMarch + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - Self.epochInEras
    }

    /// Days from 1 March of the year 0 to 1 January 1970.
    private static let epochInEras: Int64 = 719_468
}

extension Int64 {
    /// Divides towards minus infinity, so that the remainder is never negative.
    func flooredQuotient(by divisor: Int64) -> (quotient: Int64, remainder: Int64) {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}
