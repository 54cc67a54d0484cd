// PriceFileTests.swift - what a price file must not say.

import Foundation
import Pricing
import Testing
import TraceModel

struct PriceFileTests {
    private func problem(_ text: String) -> PriceProblem? {
        do {
            _ = try PriceTable(json: Array(text.utf8))
            return nil
        } catch {
            return error.problems.first
        }
    }

    private func problem(row: String, match: String = #"[{"eq":"m"}]"#, more: String = "") -> PriceProblem? {
        problem(
            """
            {"schema":1,"as_of":"2026-11-20","providers":[{"id":"p","models":[
            {"id":"m","match":\(match),"prices":[{"from":null,"input":1},\(row)]\(more)}]}]}
            """
        )
    }

    @Test(arguments: [
        (#"{"input":-1}"#, "p m prices[1].input", "negative"),
        (#"{"input":"1"}"#, "byte", "number"),
        (#"{"input":1.2.3}"#, "p m prices[1].input", "decimal"),
        (#"{"input":1e400}"#, "p m prices[1].input", "more than"),
        (#"{"input":1e4000}"#, "p m prices[1].input", "decimal"),
        (#"{"input":0.0000001}"#, "p m prices[1].input", "decimals"),
        (#"{"input":1e10}"#, "p m prices[1].input", "more than 1000000000 USD"),
        (#"{"inputs":1}"#, "p m prices[1].inputs", "kind"),
        (#"{"from":"2026-02-30"}"#, "p m prices[1].from", "2026-01-31"),
        (#"{"from":"20260101"}"#, "p m prices[1].from", "2026-01-31"),
        (#"{"utc":["22:00"]}"#, "p m prices[1].utc", "22:00"),
        (#"{"utc":["22:00","22:00"]}"#, "p m prices[1].utc", "22:00"),
        (#"{"utc":["22:60","23:00"]}"#, "p m prices[1].utc", "22:00"),
        (#"{"tiers":[{"input":1}]}"#, "p m prices[1].tiers", "above"),
        (#"{"tiers":[{"above":1.5,"input":1}]}"#, "p m prices[1].above", "count"),
        (#"{"tiers":[{"above":1,"inputs":1}]}"#, "p m prices[1].tiers.inputs", "kind"),
    ])
    func `a price row that cannot be understood is named`(_ row: String, _ place: String, _ reason: String) {
        let problem = problem(row: row)
        #expect(problem?.place.hasPrefix(place) == true, "\(String(describing: problem))")
        #expect(problem?.reason.contains(reason) == true, "\(String(describing: problem))")
    }

    @Test(arguments: [
        #"[{"regex":"m"}]"#, #"[{}]"#, #"[{"eq":""}]"#, #"[{"all":[]}]"#, #"[{"eq":"m","has":"m"}]"#,
        #"[{"all":[{"all":[{"all":[{"all":[{"eq":"m"}]}]}]}]}]"#, #"[{"eq":"\#(String(repeating: "x", count: 257))"}]"#,
    ])
    func `a rule that nobody knows is named`(_ match: String) {
        #expect(problem(row: #"{"input":1}"#, match: match)?.place == "p m match")
    }

    @Test(arguments: [
        (#","variants":{"turbo":{"input":1}}"#, "p m variants"), (#","colour":1"#, "p m colour"),
        (#","context":-1"#, "p m context"), (#","variants":{"batch":{"input":-1}}"#, "p m variants.batch.input"),
    ])
    func `a member of a model that nobody knows is named`(_ more: String, _ place: String) {
        #expect(problem(row: #"{"input":1}"#, more: more)?.place == place)
    }

    @Test(arguments: [
        ("{}", "schema"), (#"{"schema":2}"#, "schema"), (#"{"schema":1,"currency":"EUR"}"#, "currency"),
        (#"{"schema":1,"unit":"per_token"}"#, "unit"), (#"{"schema":1,"as_of":"today"}"#, "as_of"),
        (#"{"schema":1,"more":1}"#, "more"), (#"{"schema":1,"as_of":"2026-01-01"}"#, "providers"),
        (#"{"schema":1,"as_of":"2026-01-01","providers":[{"models":[]}]}"#, "providers[0]"),
        (#"{"schema":1,"as_of":"2026-01-01","providers":[{"id":"a"},{"id":"a"}]}"#, "a"),
        (#"{"schema":1,"as_of":"2026-01-01","providers":[{"id":"a","fallback":["b"]}]}"#, "a fallback"),
        (#"{"schema":1,"as_of":"2026-01-01","providers":[{"id":"a","models":[{"id":"m"}]}]}"#, "a m prices"),
        (#"{"schema":1,"as_of":"2026-01-01","providers":[{"id":"a"}]} x"#, "byte"),
        ("", "byte 0"), ("[", "byte 0"), (#"{"schema":1,}"#, "byte"), (#"{"schema" 1}"#, "byte"),
        (#"{"schema":1"#, "byte"),
        (#"{"a\q":1}"#, "byte"), (#"{"a\ud83d":1}"#, "byte"), ("{\"a\n\":1}", "byte"), (#"{"a"#, "byte"),
    ])
    func `a file that is none is refused with a place`(_ text: String, _ place: String) {
        #expect(problem(text)?.place.hasPrefix(place) == true, "\(String(describing: problem(text)))")
    }

    @Test func `escaped texts are read`() throws {
        let table = try Sample.table(
            models: #"{"id":"a\"b\u0041\/\\","match":[{"eq":"x\u0041"}],"prices":[{"from":null,"input":1.50e-1}]}"#
        )
        #expect(table.priced("xa", "maker") == #"maker a"bA/\"#)
        #expect(table.usd("xa", "maker", Sample.usage(1_000_000, nil)) == "0.15")
    }

    @Test func `a cut file is an error, wherever it is cut`() throws {
        let text = """
            {"schema":1,"currency":"USD","unit":"per_million_tokens","as_of":"2026-11-20","sources":[{"name":"n"}],
            "providers":[{"id":"p","aliases":["q"],"models":[{"id":"m","match":[{"all":[{"eq":"m"}]}],
            "prices":[{"from":null,"utc":["01:00","02:00"],"input":1.5,"tiers":[{"above":1,"input":2}]}]}]}]}
            """
        #expect(problem(text) == nil)
        for length in 0..<text.utf8.count { #expect(problem(String(text.prefix(length))) != nil, "\(length)") }
    }

    @Test func `the file of the program names its sources and their licences`() throws {
        let table = try Sample.table
        #expect(table.asOf == "2026-11-20")
        #expect(table.sources.map(\.name) == ["genai-prices", "LiteLLM model price map"])
        #expect(table.sources.map(\.licence) == ["MIT", "MIT"])
        #expect(table.entries(at: Sample.noon).count == 1855)
    }
}
