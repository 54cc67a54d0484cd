// ArrivalTests.swift - what is found on arrival is what would be found later.

import Foundation
import GRDB
import IngestPipeline
import OTLPCodec
import TestSupport
import Testing
import TraceModel
import TraceStore

@testable import SQLiteStore

struct ArrivalTests {
    /// What a store has in the tables of findings, and what waits there.
    private struct Tables: Equatable {
        var rows: [[DatabaseValue]] = []
        var waiting: [Int64] = []

        init(_ fixture: IndexFixture) throws {
            waiting = try fixture.column("SELECT part_id FROM pending")
            rows = try fixture.file().read { db in
                try [
                    "SELECT part_id, hashes FROM attributes ORDER BY 1",
                    "SELECT call_id, hash FROM prompts ORDER BY 1",
                    """
                    SELECT trace_no, span_id, name, project_id, start_ns, duration_ns, status
                    FROM tool_runs JOIN tools USING(tool_id) ORDER BY 1, 2
                    """,
                ].flatMap { try Row.fetchAll(db, sql: $0).map { Array($0.databaseValues) } }
            }
        }
    }

    private func write(_ body: [UInt8], isJSON: Bool, _ extractor: SpanExtractor, to store: SQLiteTraceStore)
        async throws
    {
        var storage = BatchStorage(copying: body)
        if body.starts(with: [0x1F, 0x8B]) { storage = try Gunzip.inflate(storage.bytes, limit: 64 << 20) }
        if isJSON { storage = try JSONTranscoder.transcode(storage.bytes, limit: 64 << 20) }
        _ = try await store.write(extractor.extract(ExportRequestDecoder().decode(storage, project: nil).batch))
    }

    @Test(arguments: Fixtures.captures)
    func `real instrumentation is found by the same on arrival as later`(_ name: String) async throws {
        let requests = try Fixtures.traceRequests(of: name)
        var tables: [Tables] = []
        for extractor in [SpanExtractor().findingProperties, SpanExtractor()] {
            try await IndexFixture.run { fixture in
                try await fixture.indexed(indexesText: false) { store in
                    for request in requests {
                        try await write(request.body, isJSON: request.isJSON, extractor, to: store)
                    }
                }
                tables.append(try Tables(fixture))
            }
        }
        #expect(tables[0] == tables[1])
        #expect(tables[0].waiting == [])
    }

    @Test func `nothing waits for what was found on arrival, unless words are to be found`() async throws {
        for (indexesText, waiting) in [(false, [Int64]()), (true, [1 << 24])] {
            try await IndexFixture.run { fixture in
                // Nobody looks parts through.
                let store = try fixture.open(indexesText: indexesText, analysis: nil)
                let span = IndexFixture.call(2, asking: "Where is the harbour?")
                try await write(SampleSpan.request([span]), isJSON: false, SpanExtractor().findingProperties, to: store)
                await store.close()
                #expect(try fixture.column("SELECT part_id FROM pending") == waiting)
                #expect(try fixture.mayHave(1 << 24, .attribute("gen_ai.request.model"), "m") == true)
                #expect(
                    try fixture.column("SELECT call_id FROM prompts") == fixture.column("SELECT call_id FROM calls")
                )
            }
        }
    }

    @Test func `a part with a very long span is looked through later`() async throws {
        try await IndexFixture.run { fixture in
            let long = String(repeating: "harbour ", count: 10_000)
            let body = SampleSpan.request([IndexFixture.call(2, asking: long)])
            let store = try fixture.open(indexesText: false, analysis: nil)
            try await write(body, isJSON: false, SpanExtractor().findingProperties, to: store)
            await store.close()
            #expect(try fixture.column("SELECT part_id FROM pending") == [1 << 24])
            #expect(try fixture.column("SELECT call_id FROM prompts") == [])
            try await fixture.indexed(indexesText: false)
            #expect(try fixture.column("SELECT part_id FROM pending") == [])
            #expect(try fixture.column("SELECT call_id FROM prompts") == fixture.column("SELECT call_id FROM calls"))
        }
    }

    @Test func `parts of a resource with very many attributes may have anything, and spans decide`() async throws {
        let body = WireWriter { request in
            request.message(1) { resourceSpans in
                resourceSpans.message(1) { resource in
                    for place in 0..<2_000 { resource.attribute(1, "k\(place)", "v\(place)") }
                }
                resourceSpans.message(2) { $0.sized(2, IndexFixture.call(2, asking: "Where?").bytes) }
            }
        }.bytes
        for extractor in [SpanExtractor().findingProperties, SpanExtractor()] {
            try await IndexFixture.run { fixture in
                try await fixture.indexed(indexesText: false) { store in
                    try await write(body, isJSON: false, extractor, to: store)
                    try await IndexFixture.wait(store)
                    for (value, count) in [("v1999", 1), ("v3", 0)] {
                        var query = TraceQuery()
                        query.spans = [SpanCondition(.attribute("k1999"), value)]
                        query.patience = .seconds(60)
                        #expect(try await store.traces(matching: query).rows.count == count)
                    }
                }
                #expect(try fixture.column("SELECT length(hashes) FROM attributes") == [1])
                #expect(try fixture.mayHave(1 << 24, .attribute("none"), "none") == true)
            }
        }
    }

    @Test func `words of what was found on arrival are found later, and its findings stay`() async throws {
        try await IndexFixture.run { fixture in
            let body = SampleSpan.request([IndexFixture.call(2, asking: "Where is the harbour?")])
            try await fixture.indexed { store in
                try await write(body, isJSON: false, SpanExtractor().findingProperties, to: store)
            }
            #expect(try fixture.hits("harbour") == fixture.column("SELECT call_id FROM calls").map { TextKey.call($0) })
            #expect(try fixture.mayHave(1 << 24, .name, "chat") == true)
            #expect(try fixture.column("SELECT count(*) FROM pending") == [0])
        }
    }
}
