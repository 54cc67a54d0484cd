// PicoUSDTests.swift - money is exact.

import Testing
import TraceModel

struct PicoUSDTests {
    @Test(arguments: [
        ("0.0135", 13_500_000_000), ("0", 0), ("12", 12_000_000_000_000), ("1.5e-05", 15_000_000),
        ("-0.5", -500_000_000_000),
        ("0.0000000000005", 1), ("0.00000000000049", 0), ("1e-13", 0), ("+3", 3_000_000_000_000),
        (".5", 500_000_000_000),
    ])
    func `a decimal is read exactly`(_ text: String, _ value: Int64) {
        #expect(PicoUSD(decimal: text) == PicoUSD(value))
    }

    @Test(arguments: ["", "abc", "1.2.3", "1e", "NaN", "10000000", "--1", "0x10", "1 ", "1e-9223372036854775808"])
    func `what is no amount is refused`(_ text: String) {
        #expect(PicoUSD(decimal: text) == nil)
    }

    @Test(arguments: [
        "0.0135", "0", "9223371", "0.000000000001", "-1.5", "100", "10.01", "-0.000000000001", "1.000000000001",
        "-9223371.999999999999",
    ])
    func `an amount is written as it was read`(_ text: String) {
        #expect(PicoUSD(decimal: text)?.decimal == text)
    }

    @Test func `the least and the greatest amount are written too`() {
        #expect(PicoUSD(.max).decimal == "9223372.036854775807")
        #expect(PicoUSD(.min).decimal == "-9223372.036854775808")
    }

    @Test func `a double counts as the shortest decimal that names it`() {
        #expect(PicoUSD(usd: 0.1)?.decimal == "0.1")
        #expect(PicoUSD(usd: .infinity) == nil)
        #expect(PicoUSD(usd: 1e300) == nil)
    }

    @Test func `sums stay at the limit instead of overflowing`() {
        #expect(PicoUSD(.max) + PicoUSD(1) == PicoUSD(.max))
        #expect(PicoUSD(.min) + PicoUSD(-1) == PicoUSD(.min))
    }
}
