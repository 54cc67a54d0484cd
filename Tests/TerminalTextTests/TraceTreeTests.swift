// TraceTreeTests.swift - traces drawn as trees.

import Foundation
import Testing
import TraceModel

@testable import TerminalText

struct TraceTreeTests {
    private static let agent: [SampleNode] = [
        SampleNode(
            id: 1,
            parent: nil,
            name: "agent",
            to: 1000,
            llm: SampleNode.call(150, 30, "0.02", counted: "aggregate")
        ),
        SampleNode(id: 2, parent: 1, name: "chat gpt-4", from: 100, to: 500, llm: SampleNode.call(100, 20, "0.0135")),
        SampleNode(id: 3, parent: 2, name: "http", from: 120, to: 480),
        SampleNode(id: 4, parent: 1, name: "search", from: 500, to: 620, status: "ERROR"),
        SampleNode(id: 5, parent: 1, name: "answer", from: 700, to: 1000, llm: SampleNode.call(50, 10, "0.0065")),
    ]

    @Test func `a trace is a tree with bars, tokens and costs`() throws {
        let summary = """
            {"model":"gpt-4","tokens_input":1500,"tokens_output":30,"cost":0.02,"tokens_cache_read":1000,
            "tokens_reasoning":null,"tokens_embedding":null,"cost_complete":false,"calls":2,"time_to_first_token_ms":200,
            "models":[{"model":"gpt-4","calls":2,"cost":0.02}]}
            """
        let tree = try #require(TraceTree.sample(Self.agent, summary: summary))
        #expect(
            tree.text(TextPlace(width: 80)) == """
                agent  0123456789abcdef0123456789abcdef
                2023-11-14 22:13:20 · 1.00s · ok · 5 spans
                project default · service shop · user u-1
                2 calls · 1,500 in (1,000 cached) · 30 out · at least $0.02 · first token after 200ms
                gpt-4 × 2 $0.02

                agent (gpt-4) [sum]  ████████████  1.00s  (150 → 30)  ($0.02)
                ├─ chat gpt-4         █████        400ms    100 → 20  $0.0135
                │  └─ http            █████        360ms
                ├─ search ✗                ██      120ms
                └─ answer (gpt-4)            ████  300ms     50 → 10  $0.0065

                """
        )
    }

    @Test func `one span and one call are not many`() throws {
        let summary = #"{"model":"gpt-4","tokens_input":5,"tokens_output":3,"cost":0.02,"calls":1,"models":[]}"#
        let tree = try #require(TraceTree.sample([SampleNode(id: 1, parent: nil, name: "chat")], summary: summary))
        let text = tree.text(TextPlace(width: 80))
        #expect(text.contains(" · 1 span\n"))
        #expect(text.contains("\n1 call · 5 in"))
    }

    @Test func `siblings that repeat each other are one line, until they are asked for`() throws {
        var nodes = [SampleNode(id: 0, parent: nil, name: "agent", to: 1000)]
        for id in 1...212 { nodes.append(SampleNode(id: id, parent: 0, name: "tool", from: id, to: id + 2)) }
        nodes.append(SampleNode(id: 213, parent: 0, name: "tool", status: "ERROR"))
        nodes.append(SampleNode(id: 214, parent: 0, name: "last"))
        let tree = try #require(TraceTree.sample(nodes))
        let lines = tree.lines(width: nil)
        #expect(lines.count == 4)
        #expect(lines[1].hasPrefix("├─ tool × 212 "))
        #expect(lines[1].hasSuffix("424ms"))
        #expect(lines[2].hasPrefix("├─ tool ✗"))
        #expect(tree.lines(width: nil, isUnfolded: true).count == 215)
    }

    @Test func `a folded branch sums what counts below it`() throws {
        var nodes = [SampleNode(id: 0, parent: nil, name: "agent", to: 1000)]
        for turn in 1...20 {
            let call = SampleNode.call(10, 1, "0.5")
            nodes.append(SampleNode(id: turn * 10, parent: 0, name: "turn"))
            nodes.append(SampleNode(id: turn * 10 + 1, parent: turn * 10, name: "chat", llm: call))
            let again = SampleNode.call(10, 1, "0.5", counted: "duplicate")
            nodes.append(SampleNode(id: turn * 10 + 2, parent: turn * 10 + 1, name: "chat", llm: again))
        }
        let lines = try #require(TraceTree.sample(nodes)).lines(width: nil)
        #expect(lines.count == 2)
        #expect(lines[1].hasPrefix("└─ turn × 20 (60 spans) "))
        #expect(lines[1].hasSuffix("200 → 20  $10.00"))
    }

    @Test func `every span is drawn once, whatever its parents are`() throws {
        let nodes = [
            SampleNode(id: 1, parent: 99, name: "orphan"), SampleNode(id: 2, parent: 2, name: "own parent"),
            SampleNode(id: 3, parent: 4, name: "circle a"), SampleNode(id: 4, parent: 3, name: "circle b"),
        ]
        let lines = try #require(TraceTree.sample(nodes)).lines(width: nil)
        #expect(lines.count == 4)
        #expect(lines[2].hasPrefix("circle a"))
        #expect(lines[3].hasPrefix("└─ circle b"))
    }

    @Test func `ten thousand spans below each other fit into the terminal`() throws {
        let nodes = (0..<10_000).map {
            SampleNode(id: $0, parent: $0 == 0 ? nil : $0 - 1, name: "step \($0)", to: 1000)
        }
        let lines = try #require(TraceTree.sample(nodes)).lines(width: 80)
        #expect(lines.count == 10_000)
        #expect(lines.allSatisfy { $0.columns <= 80 })
        #expect(lines[9_999].hasPrefix("⋯9999 "))
        #expect(lines[9_999].contains("step 9999"))
    }

    @Test(arguments: [20, 40, 60, 80, 120, 200])
    func `lines keep to the width, with wide and hostile names`(_ width: Int) throws {
        let names = ["日本語のとても長い名前がここにあります", "\\u001b[2J\\u202edrop", "👍🏽👨‍👩‍👧‍👦 family", String(repeating: "x", count: 400)]
        var nodes = [SampleNode(id: 0, parent: nil, name: "agent", to: 1000)]
        for (index, name) in names.enumerated() { nodes.append(SampleNode(id: index + 1, parent: index, name: name)) }
        let tree = try #require(TraceTree.sample(nodes))
        for line in tree.lines(width: width) { #expect(line.columns <= max(width, 36), "\(line)") }
        let text = tree.text(TextPlace(width: width))
        #expect(!text.unicodeScalars.contains { $0 == "\u{1B}" || $0 == "\u{202E}" })
    }

    @Test func `colours are for those who can show them`() throws {
        let tree = try #require(TraceTree.sample(Self.agent))
        #expect(!tree.text(TextPlace(width: 80)).contains("\u{1B}"))
        let coloured = tree.text(TextPlace(width: 80, hasColours: true))
        #expect(coloured.contains("\u{1B}[31msearch\u{1B}[0m"))
        // Without the colours it is the same.
        let plain = coloured.replacing(try Regex("\u{1B}\\[[0-9]*m"), with: "")
        let trimmed = { (text: String) in
            text.split(separator: "\n", omittingEmptySubsequences: false).map {
                $0.trimmingCharacters(in: .whitespaces)
            }
        }
        #expect(trimmed(plain) == trimmed(tree.text(TextPlace(width: 80))))
    }
}
