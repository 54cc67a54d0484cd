// OwnerFixture.swift - a store with sessions and users of several projects, and what lists of them come to.

import Foundation
import IngestPipeline
import Logging
import OTLPCodec
import TestSupport
import TraceModel
import TraceStore

@testable import SQLiteStore

/// Random traces with sessions and users in several projects, over several zones.
struct OwnerFixture {
    let store: SQLiteTraceStore
    private var random: SeededRandom
    private var traces: UInt64 = 0

    init(folder: String, seed: UInt64) throws {
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        store = try SQLiteTraceStore(
            config: SQLiteStoreConfig(directory: folder),
            extraction: SpanExtractor(),
            analysis: SpanAnalysis(),
            logger: logger
        )
        random = SeededRandom(seed: seed)
    }

    /// Writes new traces, and late spans of traces that are there.
    mutating func write(_ count: Int, late: Int = 0, after offset: Int = 0) async throws {
        var spans: [String: [SampleSpan]] = [:]
        for _ in 0..<count {
            traces += 1
            spans[Self.project(of: traces), default: []].append(span(of: traces, id: 1, after: offset))
        }
        for _ in 0..<late {
            let trace = UInt64(random.below(Int(traces))) + 1
            let id = UInt64(random.below(3)) + 2
            spans[Self.project(of: trace), default: []].append(span(of: trace, id: id, after: offset))
        }
        for (project, spans) in spans.sorted(by: { $0.key < $1.key }) {
            let storage = BatchStorage(copying: SampleSpan.request(spans, service: "s\(random.below(2))"))
            let request = try ExportRequestDecoder().decode(storage, project: project)
            _ = try await store.write(try SpanExtractor().extract(request.batch))
        }
    }

    private static func project(of trace: UInt64) -> String { ["a", "b", "c"][Int(trace % 7 % 3)] }

    private mutating func span(of trace: UInt64, id: UInt64, after offset: Int) -> SampleSpan {
        var span = SampleSpan(trace: trace, id: id, parent: id == 1 ? 0 : 1)
        // Few seconds, so that some traces start at the same time.
        span.start = 1_700_000_000_000_000_000 + UInt64(offset + random.below(2000)) * 1_000_000_000
        span.end = span.start + UInt64(random.below(5_000_000)) * 1000
        if random.below(6) == 0 { span.status = 2 }
        if random.below(5) > 0 { span = span.with(("session.id", .text("s\(random.below(30))"))) }
        if random.below(3) > 0 { span = span.with(("user.id", .text("u\(random.below(9))"))) }
        if random.below(4) == 0 { span = span.with(("colour", .text("c\(random.below(2))"))) }
        guard random.below(3) > 0 else { return span }
        span = span.with(
            ("gen_ai.operation.name", "chat"),
            ("gen_ai.request.model", .text("m\(random.below(3))"))
        )
        if random.below(3) > 0 {
            span = span.with(
                ("gen_ai.usage.input_tokens", .whole(Int64(random.below(100)))),
                ("gen_ai.usage.output_tokens", .whole(Int64(random.below(100)))),
                ("gen_ai.usage.cost", .real(Double(random.below(100)) / 100))
            )
        }
        if random.below(5) == 0 { span = span.with(("error.type", .text("E\(random.below(3))"))) }
        return span
    }

    /// The rows of all pages of a size.
    func pages(_ query: OwnerQuery, of size: Int) async throws -> [OwnerRow] {
        var query = query
        query.traces.limit = size
        var rows: [OwnerRow] = []
        while true {
            let page = try await store.owners(matching: query)
            rows += page.rows
            guard let next = page.next else { return rows }
            query.after = next
        }
    }

    /// All traces that match, the newest first.
    func all(_ query: TraceQuery) async throws -> [TraceSummary] {
        var query = query
        query.limit = 100
        var rows: [TraceSummary] = []
        while true {
            let page = try await store.traces(matching: query)
            rows += page.rows
            guard let next = page.next else { return rows }
            query.after = next
        }
    }

    /// The rows as they come to, one trace after the other.
    func expected(_ query: OwnerQuery) async throws -> [OwnerRow] {
        func name(_ trace: TraceSummary) -> String? { query.owner == .session ? trace.session : trace.user }
        let traces = try await all(query.traces)
        var order: [[String]] = []
        var groups: [[String]: [TraceSummary]] = [:]
        for trace in traces {
            guard let name = name(trace) else { continue }
            let key = [trace.project, name]
            if groups[key] == nil { order.append(key) }
            groups[key, default: []].append(trace)
        }
        return order.map { key in
            let group = groups[key] ?? []
            var row = OwnerRow(
                name: key[1],
                project: key[0],
                firstTime: group.map(\.start).min() ?? 0,
                lastTime: group.map(\.end).max() ?? 0
            )
            row.user = group.first?.user
            row.traces = Int64(group.count)
            row.sessions = query.owner == .user ? Int64(Set(group.compactMap(\.session)).count) : 0
            let calls = group.compactMap(\.llm)
            row.calls = Int64(calls.reduce(0) { $0 + $1.calls })
            row.errors = Int64(calls.reduce(0) { $0 + $1.errors })
            row.tokensInput = Self.sum(calls.map(\.tokensInput))
            row.tokensOutput = Self.sum(calls.map(\.tokensOutput))
            row.cost = Self.sum(calls.map { $0.cost?.value }).map { PicoUSD($0) }
            return row
        }
    }

    static func sum(_ values: [Int64?]) -> Int64? {
        let known = values.compactMap { $0 }
        return known.isEmpty ? nil : known.reduce(0, +)
    }
}
