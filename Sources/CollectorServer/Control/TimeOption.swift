// TimeOption.swift - times as the options of commands give them.

import Foundation
import QueryAPI

/// A time that an option of a command gives: how long ago it was, or the time itself.
public enum TimeOption {
    /// What can be given, in words.
    public static let forms = """
        how long ago, such as 90s, 15m, 1h, 7d or 4w, or an ISO 8601 time, such as 2026-01-15 or 2026-01-15T10:30:00Z
        """

    /// The time as the API reads it.
    ///
    /// - Parameter text: What was given.
    /// - Returns: Nil when it is neither a time nor how long ago.
    public static func time(_ text: String) -> String? {
        time(text, now: Date())
    }

    static func time(_ text: String, now: Date) -> String? {
        guard let seconds = secondsAgo(text) else { return ISO8601Time.nanoseconds(text) == nil ? nil : text }
        return now.addingTimeInterval(-seconds).formatted(
            Date.ISO8601FormatStyle(includingFractionalSeconds: true, timeZone: .gmt)
        )
    }

    private static func secondsAgo(_ text: String) -> Double? {
        let units: [Character: Double] = ["s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 7 * 86_400]
        guard let unit = text.last.flatMap({ units[$0] }), let number = Double(text.dropLast()), number >= 0,
            number * unit < longest
        else { return nil }
        return number * unit
    }

    /// About 1,900 years: what is longer ago has no year of four digits.
    private static let longest = 6e10
}
