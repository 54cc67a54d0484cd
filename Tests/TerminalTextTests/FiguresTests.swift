// FiguresTests.swift - numbers as people read them.

import Testing

@testable import TerminalText

struct FiguresTests {
    @Test(arguments: [
        (0.0, "$0"), (0.008535, "$0.0085"), (0.02544, "$0.0254"), (0.01581, "$0.0158"), (0.003345, "$0.0033"),
        (0.0001, "$0.0001"), (0.019, "$0.019"), (0.5, "$0.50"), (0.0135, "$0.0135"), (1.5, "$1.50"), (720, "$720.00"),
        (0.000_000_000_001, "$0.000000000001"), (0.000_012_3, "$0.000012"), (0.009_999, "$0.01"), (0.1, "$0.10"),
        (-0.25, "-$0.25"), (123_456.789, "$123456.79"),
    ])
    func `a cost that is not zero never reads as zero`(_ cost: Double, _ text: String) {
        #expect(Figures.cost(cost) == text)
    }

    @Test(
        arguments: [(1, "1 call"), (0, "0 calls"), (2, "2 calls"), (1_000, "1,000 calls"), (nil, "- calls")]
            as [(Int64?, String)]
    )
    func `a noun has the number of its count`(_ number: Int64?, _ text: String) {
        #expect(Figures.count(number, of: "call") == text)
    }

    @Test func `what is not known is a dash`() {
        #expect(Figures.cost(nil) == "-")
        #expect(Figures.count(nil) == "-")
        #expect(Figures.duration(milliseconds: nil) == "-")
        #expect(Figures.share(nil) == "-")
        #expect(Figures.time(nil, TextPlace(width: nil)) == "-")
    }

    @Test(arguments: [
        (0, "0"), (999, "999"), (1_000, "1,000"), (999_999, "999,999"), (1_234_567, "1.23M"), (-1_234, "-1,234"),
        (2_500_000_000, "2.50G"), (Int64.max, "9223372.04T"),
    ])
    func `counts are grouped, and large ones short`(_ number: Int64, _ text: String) {
        #expect(Figures.count(number) == text)
    }

    @Test(arguments: [
        (0.0, "0ms"), (0.42, "0.4ms"), (9.9, "9.9ms"), (9.99, "10ms"), (812, "812ms"), (999.7, "1.00s"),
        (1_234, "1.23s"), (12_345, "12.3s"), (59_999, "1m00s"), (125_000, "2m05s"), (3_599_600, "1h00m"),
        (11_220_000, "3h07m"), (183_600_000, "2d03h"),
    ])
    func `durations have the unit that fits`(_ milliseconds: Double, _ text: String) {
        #expect(Figures.duration(milliseconds: milliseconds) == text)
    }

    @Test func `a time is that of the clock on the wall`() {
        let east = TextPlace(width: nil) { _ in 3600 }
        #expect(Figures.time("2026-11-21T23:28:20.190Z", east) == "2026-11-22 00:28:20")
        #expect(Figures.time("2026-11-21T05:28:20Z", TextPlace(width: nil)) == "2026-11-21 05:28:20")
        #expect(Figures.time("\u{1B}[2J", east) == "\\u{1B}[2J")
    }
}
