// CalendarDayTests.swift - days are those of the calendar.

import Foundation
import Testing

@testable import Pricing

struct CalendarDayTests {
    @Test func `each day of some centuries is read and written as it is`() throws {
        for number in Int32(-40_000)...60_000 {
            let day = CalendarDay(number: number)
            #expect(CalendarDay(day.text) == day)
        }
        #expect(CalendarDay(number: 0).text == "1970-01-01")
        #expect(CalendarDay("2024-02-29")?.number == 19_782)
        #expect(CalendarDay("2100-02-29") == nil)
        #expect(CalendarDay("2000-02-29") != nil)
    }

    @Test(arguments: ["", "2024-2-9", "2024-00-01", "2024-13-01", "2024-04-31", "2024/01/01", "24-01-01", "2024-01-00"])
    func `what is no day is refused`(_ text: String) {
        #expect(CalendarDay(text) == nil)
    }

    @Test(
        arguments: [
            (0, 0, 0), (-1, -1, 1439), (86_399_999_999_999, 0, 1439), (86_400_000_000_000, 1, 0),
            (Int64.min, -106_752, 12), (Int64.max, 106_751, 1427),
        ] as [(Int64, Int32, Int)]
    )
    func `a time belongs to its day and minute`(_ time: Int64, _ number: Int32, _ minute: Int) {
        let (day, found) = CalendarDay.split(time)
        #expect(day.number == number)
        #expect(found == minute)
    }
}
