// JSONOutTests.swift - strings, numbers, times and bytes as JSON.

import Foundation
import OTLPCodec
import Testing

@Suite struct `JSON texts that come out` {
    @Test func `quotes, backslashes and control characters are escaped`() throws {
        let text = "a\"b\\c\u{8}\t\n\u{C}\r\u{0}\u{1F}\u{7F}/"
        let json = jsonOut { $0.appendJSON(text) }
        #expect(json == #""a\"b\\c\b\t\n\f\r\u0000\u001f"# + "\u{7F}/\"")
        #expect(try parsed(json) == text as NSString)
    }

    @Test(arguments: ["", "é", "漢字かな", "🧪🏳️‍🌈", "\u{2028}\u{2029}", "12345678\"90", "1234567\"", "\u{10FFFF}"])
    func `any character comes back`(_ text: String) throws {
        for padding in 0..<9 {
            let padded = String(repeating: "x", count: padding) + text
            #expect(try parsed(jsonOut { $0.appendJSON(padded) }) == padded as NSString)
        }
    }

    @Test(arguments: 0...255) func `every byte at every place of a word gives valid JSON`(_ byte: Int) throws {
        for place in 0..<10 {
            var bytes = [UInt8](repeating: UInt8(ascii: "y"), count: 10)
            bytes[place] = UInt8(byte)
            let json = jsonOut { json in bytes.withUnsafeBytes { json.appendJSON(text: $0) } }
            #expect(try parsed(json) == String(decoding: bytes, as: UTF8.self) as NSString)
        }
    }

    @Test func `long texts with escapes anywhere come back`() throws {
        var random = SystemRandomNumberGenerator()
        let pieces = ["\"", "\\", "\n", "\u{1}", "é", "🧪", "x", String(repeating: "y", count: 700)]
        for _ in 0..<60 {
            let count = Int.random(in: 0..<1500, using: &random)
            let rare = Bool.random(using: &random)
            let text = (0..<count).map { _ in
                rare && Int.random(in: 0..<50, using: &random) > 0
                    ? "plain" : pieces.randomElement(using: &random) ?? ""
            }.joined()
            #expect(try parsed(jsonOut { $0.appendJSON(text) }) == text as NSString)
        }
    }

    @Test(arguments: [
        [0xC3], [0xE2, 0x82], [0xED, 0xA0, 0x80], [0xC0, 0x80], [0xF5, 0x80, 0x80, 0x80], [0x80, 0xBF],
    ])
    func `bytes that are no UTF-8 become replacement characters`(_ bytes: [UInt8]) throws {
        let json = jsonOut { json in ([0x61] + bytes + [0x62]).withUnsafeBytes { json.appendJSON(text: $0) } }
        #expect(json == "\"a" + String(repeating: "\u{FFFD}", count: bytes.count) + "b\"")
    }

    @Test(arguments: [
        (0.1, "0.1"), (1.0, "1.0"), (-0.0, "-0.0"), (Double.leastNonzeroMagnitude, "5e-324"),
        (1.7976931348623157e308, "1.7976931348623157e+308"),
        (.nan, "\"NaN\""), (.infinity, "\"Infinity\""), (-.infinity, "\"-Infinity\""),
    ])
    func `a double is its shortest decimal`(_ number: Double, _ text: String) throws {
        #expect(jsonOut { $0.appendJSON(number) } == text)
        _ = try parsed(text)
    }

    @Test func `integers are exact`() {
        #expect(jsonOut { $0.appendJSON(Int64.min) } == "-9223372036854775808")
        #expect(jsonOut { $0.appendJSON(UInt64.max) } == "18446744073709551615")
        #expect(jsonOut { $0.appendJSON(Int64?.none) } == "null")
    }

    @Test(arguments: [
        (0, "1970-01-01T00:00:00.000Z"), (1_705_314_600_000_000_000, "2024-01-15T10:30:00.000Z"),
        (951_782_400_999_999_999, "2000-02-29T00:00:00.999Z"), (Int64.max, "2262-04-11T23:47:16.854Z"),
        (-1, "1969-12-31T23:59:59.999Z"),
    ])
    func `a time is ISO 8601 in UTC with milliseconds`(_ nanoseconds: Int64, _ text: String) {
        #expect(jsonOut { $0.appendJSON(time: nanoseconds) } == "\"\(text)\"")
    }

    @Test func `every day from 1970 to 2262 is the day of the calendar`() throws {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = try #require(TimeZone(identifier: "UTC"))
        for day in stride(from: Int64(0), through: 106_751, by: 1) {
            let date = CivilDate(daysSinceEpoch: day)
            let known = calendar.dateComponents(
                [.year, .month, .day],
                from: Date(timeIntervalSince1970: Double(day) * 86_400)
            )
            guard date.year == known.year.map(Int64.init), date.month == known.month.map(Int64.init),
                date.day == known.day.map(Int64.init), date.daysSinceEpoch == day
            else {
                Issue.record("day \(day) is \(date)")
                return
            }
        }
    }

    @Test(arguments: [
        (0, "0"), (1, "0.000001"), (1_234_000_000, "1234"), (612_300_000, "612.3"), (1_000_010, "1.00001"),
        (Int64.max, "9223372036854.775807"), (-1_500_000, "-1.5"),
    ])
    func `a duration in milliseconds is exact`(_ nanoseconds: Int64, _ text: String) {
        #expect(jsonOut { $0.appendJSON(milliseconds: nanoseconds) } == text)
    }

    @Test func `base64 is what Foundation makes, at every length`() {
        for length in 0..<40 {
            let bytes = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 83 &+ 251) }
            let json = jsonOut { json in bytes.withUnsafeBytes { json.appendJSON(base64: $0) } }
            #expect(json == "\"\(Data(bytes).base64EncodedString())\"")
        }
    }

    @Test func `hex is lower case`() {
        let bytes: [UInt8] = [0x00, 0xAF, 0x1C]
        #expect(jsonOut { json in bytes.withUnsafeBytes { json.appendJSON(hex: $0) } } == "\"00af1c\"")
    }
}
