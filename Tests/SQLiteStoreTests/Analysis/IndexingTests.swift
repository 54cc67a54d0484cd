// IndexingTests.swift - what is found behind the writer, and when.

import Foundation
import TestSupport
import Testing
import TraceModel
import TraceStore

@testable import SQLiteStore

struct IndexingTests {
    private typealias Fixture = IndexFixture
    /// The keys of the first trace: its first call, and what else its first part holds.
    private let call = TextKey.call(1 << 24)
    private let rest = TextKey.rest(of: 1 << 24)

    @Test func `words lead to the call that has them, or to the rest of the part`() async throws {
        try await Fixture.run { fixture in
            try await fixture.indexed { store in
                var root = SampleSpan(trace: 1, id: 1, name: "handle_request")
                root.status = 2
                let question = Fixture.call(2, asking: "Where is the harbour?", answer: "In Åbo, 天気予報")
                try await Fixture.write(store, root.with(("error.type", "TimeoutError")), question)
            }
            let calls = try fixture.column("SELECT call_id FROM calls").map { TextKey.call($0) }
            #expect(calls.count == 1)
            #expect(try fixture.hits("harbour where") == calls)
            #expect(try fixture.hits("abo") == calls)
            #expect(try fixture.hits("harb*") == calls)
            #expect(try fixture.hits("気予") == calls)
            #expect(try fixture.hits("報") == calls)
            #expect(try fixture.hits("handle") == [rest])
            #expect(try fixture.hits("timeouterror") == [rest])
            #expect(try fixture.hits("harbour handle") == [])
            #expect(try fixture.hits("m") == [])
            #expect(try fixture.column("SELECT count(*) FROM pending") == [0])
        }
    }

    @Test func `hashes of attributes and names are kept for each part`() async throws {
        try await Fixture.run { fixture in
            try await fixture.indexed { store in
                try await Fixture.write(store, SampleSpan(trace: 1, id: 1, name: "n").with(("customer", "acme")))
            }
            let part: Int64 = 1 << 24
            #expect(try fixture.mayHave(part, .attribute("customer"), "acme") == true)
            #expect(try fixture.mayHave(part, .attribute("service.name"), "test") == true)
            #expect(try fixture.mayHave(part, .name, "n") == true)
            #expect(try fixture.mayHave(part, .attribute("customer"), "other") == false)
            #expect(try fixture.mayHave(part + 1, .name, "n") == nil)
        }
    }

    @Test func `the same prompt has the same hash in every trace`() async throws {
        try await Fixture.run { fixture in
            try await fixture.indexed { store in
                try await Fixture.write(store, Fixture.call(2, asking: "one"), Fixture.call(3, asking: "two"))
                try await Fixture.write(store, Fixture.call(2, trace: 2, asking: "one"))
            }
            #expect(try fixture.column("SELECT count(*) FROM prompts GROUP BY hash ORDER BY 1") == [1, 2])
            #expect(try fixture.column("SELECT count(*) FROM prompts JOIN calls USING(call_id)") == [3])
        }
    }

    @Test func `runs of tools are rows, of two versions of a span the one that ends later`() async throws {
        try await Fixture.run { fixture in
            func run(lasting nanoseconds: UInt64) -> SampleSpan {
                SampleSpan(trace: 1, id: 3, name: "execute_tool", lasting: nanoseconds).with(
                    ("gen_ai.operation.name", "execute_tool"),
                    ("gen_ai.tool.name", "look_up")
                )
            }
            try await fixture.indexed { try await Fixture.write($0, run(lasting: 700)) }
            try await fixture.indexed { try await Fixture.write($0, run(lasting: 900)) }
            try await fixture.indexed { try await Fixture.write($0, run(lasting: 100)) }
            #expect(try fixture.column("SELECT duration_ns FROM tool_runs") == [900])
            #expect(try fixture.column("SELECT count(*) FROM tool_runs JOIN tools USING(tool_id)") == [1])
        }
    }

    @Test func `a text that is sent again with each call is indexed once in its trace`() async throws {
        try await Fixture.run { fixture in
            let long = "zebra " + String(repeating: "conversation so far ", count: 10)
            try await fixture.indexed { store in
                for id in 2..<6 as Range<UInt64> { try await Fixture.write(store, Fixture.call(id, asking: long)) }
                try await Fixture.write(store, Fixture.call(2, trace: 2, asking: long))
                for id in 7..<9 as Range<UInt64> {
                    try await Fixture.write(store, Fixture.call(id, trace: 3, asking: "short yak"))
                }
            }
            #expect(try fixture.hits("zebra").map { TextKey.trace(of: $0) } == [2, 1])
            #expect(try fixture.hits("yak").count == 2)
        }
    }

    @Test func `parts that come late are found too`() async throws {
        try await Fixture.run { fixture in
            try await fixture.indexed { try await Fixture.write($0, Fixture.call(2, asking: "early")) }
            try await fixture.indexed { store in
                try await Fixture.write(store, Fixture.call(2, trace: 2, asking: "between"))
                try await Fixture.write(
                    store,
                    Fixture.call(3, asking: "late"),
                    SampleSpan(trace: 1, id: 1, name: "later")
                )
            }
            #expect(try fixture.hits("early") == [call])
            #expect(try fixture.hits("late") == [call + 1])
            #expect(try fixture.hits("later") == [rest - 1])
        }
    }

    @Test func `log records are found with the call that they belong to, or with their trace`() async throws {
        try await Fixture.run { fixture in
            func record(_ trace: UInt64, saying text: String) -> SampleRecord {
                SampleRecord("gen_ai.choice", trace: trace, span: 2).saying(("content", text))
            }
            try await fixture.indexed { store in
                try await Fixture.write(store, Fixture.call(2, asking: "question"))
                try await Fixture.write(store, record(1, saying: "recorded answer"))
                try await Fixture.write(store, record(2, saying: "early record"))
            }
            #expect(try fixture.hits("question") == [call])
            #expect(try fixture.hits("recorded answer") == [call])
            // Both in one document, although they came in two parts.
            #expect(try fixture.hits("recorded question") == [call])
            #expect(try fixture.hits("early record").map { TextKey.trace(of: $0) } == [2])
        }
    }

    @Test func `what waits when the server stops is found after the next start`() async throws {
        try await Fixture.run { fixture in
            let store = try fixture.open(analysis: nil)
            try await Fixture.write(store, Fixture.call(2, asking: "patience"))
            #expect(await store.indexLag().parts == 1)
            #expect(store.reader.textLag() == 1)
            await store.close()
            #expect(try fixture.column("SELECT count(*) FROM pending") == [1])
            try await fixture.indexed()
            #expect(try fixture.hits("patience") == [call])
        }
    }

    @Test func `a store that closes in the middle loses and repeats nothing`() async throws {
        try await Fixture.run { fixture in
            var store = try fixture.open()
            for trace in 1...200 as ClosedRange<UInt64> {
                try await Fixture.write(store, Fixture.call(2, trace: trace, asking: "word\(trace) common"))
                if trace % 40 == 0 {
                    await store.close()
                    store = try fixture.open()
                }
            }
            try await Fixture.wait(store)
            await store.close()
            #expect(try fixture.column("SELECT count(*) FROM attributes") == [200])
            for trace in [1, 40, 41, 199, 200] { #expect(try fixture.hits("word\(trace)").count == 1) }
            #expect(try fixture.hits("common").count == 100)
        }
    }

    @Test func `with the text index off nothing is found by words, everything else is`() async throws {
        try await Fixture.run { fixture in
            try await fixture.indexed(indexesText: false) { store in
                try await Fixture.write(store, Fixture.call(2, asking: "silence"))
            }
            #expect(try fixture.hits("silence") == [])
            #expect(try fixture.column("SELECT count(*) FROM sqlite_schema WHERE name GLOB 'text_*'") == [0])
            #expect(try fixture.mayHave(1 << 24, .operation, "chat") == true)
            #expect(try fixture.column("SELECT count(*) FROM prompts") == [1])
        }
    }

    @Test func `a part that cannot be looked through is skipped, the others are found`() async throws {
        try await Fixture.run { fixture in
            let store = try fixture.open(analysis: nil)
            try await Fixture.write(store, Fixture.call(2, asking: "broken"))
            try await Fixture.write(store, Fixture.call(2, trace: 2, asking: "whole"))
            await store.close()
            let connection = try SQLiteConnection(path: fixture.folder + "/skein.db")
            try connection.execute("UPDATE parts SET payload=x'00', encoding=1 WHERE part_id >> 24 = 1")
            try await fixture.indexed()
            #expect(try fixture.hits("whole").map { TextKey.trace(of: $0) } == [2])
            #expect(try fixture.hits("broken") == [])
            #expect(try fixture.column("SELECT part_id >> 24 FROM attributes") == [2])
        }
    }

    @Test func `parts and traces that are gone meanwhile are passed over`() async throws {
        try await Fixture.run { fixture in
            let store = try fixture.open(analysis: nil)
            for trace in 1...3 as ClosedRange<UInt64> {
                try await Fixture.write(store, Fixture.call(2, trace: trace, asking: "word"))
            }
            await store.close()
            let connection = try SQLiteConnection(path: fixture.folder + "/skein.db")
            try connection.execute("DELETE FROM parts WHERE part_id >> 24 = 1; DELETE FROM traces WHERE trace_no = 2")
            try await fixture.indexed()
            #expect(try fixture.hits("word").map { TextKey.trace(of: $0) } == [3])
            #expect(try fixture.column("SELECT count(*) FROM pending") == [0])
        }
    }

    @Test func `texts of a hostile size are cut, and the store goes on`() async throws {
        try await Fixture.run { fixture in
            let blob = String(repeating: "QUJD/+x9", count: 1 << 17)
            let words = (0..<100_000).map { "w\($0)" }.joined(separator: " ")
            try await fixture.indexed { store in
                try await Fixture.write(store, Fixture.call(2, asking: "first \(blob) last"))
                try await Fixture.write(store, Fixture.call(2, trace: 2, asking: words))
            }
            #expect(try fixture.hits("first last").count == 1)
            #expect(try fixture.hits("w5").count == 1)
            #expect(try fixture.hits("w99999").count == 0)
            let bytes = try fixture.column("SELECT sum(length(block)) FROM text_0_data")
            #expect(bytes[0] < 2 << 20)
        }
    }
}
