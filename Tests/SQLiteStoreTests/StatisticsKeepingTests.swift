// StatisticsKeepingTests.swift - statistics and zones stay what the traces and calls come to.

import Foundation
import IngestPipeline
import Logging
import OTLPCodec
@testable import SQLiteStore
import TestSupport
import Testing
import TraceModel
import TraceStore

struct StatisticsKeepingTests {
    private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("skein-\(UUID().uuidString)")
        .path

    private func open(cacheBytes: Int) throws -> SQLiteTraceStore {
        var config = SQLiteStoreConfig(directory: folder)
        config.cacheBytes = cacheBytes
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        return try SQLiteTraceStore(config: config, extraction: SpanExtractor(), logger: logger)
    }

    private func write(_ store: SQLiteTraceStore, _ spans: [SampleSpan]) async throws {
        let request = try ExportRequestDecoder().decode(BatchStorage(copying: SampleSpan.request(spans)), project: nil)
        _ = try await store.write(try SpanExtractor().extract(request.batch))
    }

    /// Has the writer give back what it keeps between transactions.
    private func rest(_ store: SQLiteTraceStore) async {
        await withCheckedContinuation { done in
            let isQueued = store.queue.push(.rest { done.resume() })
            #expect(isQueued)
        }
    }

    private static func span(_ random: inout SeededRandom) -> SampleSpan {
        let trace = UInt64.random(in: 1...40, using: &random)
        let id = UInt64.random(in: 1...12, using: &random)
        var span = SampleSpan(trace: trace, id: id, parent: id == 1 ? 0 : UInt64.random(in: 1...12, using: &random))
        // Some over the end of an hour, some versions of the same span.
        span.start = 1_700_000_000_000_000_000 + UInt64.random(in: 0..<8_000, using: &random) * 1_000_000_000
        span.end = span.start + UInt64.random(in: 0..<5_000_000_000, using: &random)
        guard id > 9 || Int.random(in: 0..<4, using: &random) > 0 else { return span }
        let kinds = ["chat", "embeddings", "invoke_agent"]
        span = span.with(
            ("gen_ai.operation.name", .text(id > 9 ? "chat" : kinds[Int.random(in: 0..<3, using: &random)])),
            ("gen_ai.request.model", .text("m\(Int.random(in: 0..<3, using: &random))")),
            ("gen_ai.usage.input_tokens", .whole(Int64.random(in: 0..<100, using: &random)))
        )
        // Some calls are shown by several traces.
        if id > 9 { span = span.with(("gen_ai.response.id", .text("r\(id) of \(trace % 10)"))) }
        if Int.random(in: 0..<5, using: &random) == 0 { span = span.with(("error.type", "TimeoutError")) }
        if Bool.random(using: &random) {
            span = span.with(("session.id", .text("s\(Int.random(in: 0..<20, using: &random))")))
        }
        return span
    }

    /// Rollups and tallies with what they are counted by in place of numbers.
    private func dump(_ connection: SQLiteConnection) throws -> [String] {
        var lines: [String] = []
        for period in RollupPeriod.allCases {
            let rows = try SQLiteStatement(
                connection,
                """
                SELECT rollup_id >> 32, project_id, service_id, provider_id, model_id, operation_id, role, outcome, \
                \(RollupRow.columns) FROM \(period.rollups) JOIN rollup_combos ON combo_id = rollup_id & 0xFFFFFFFF
                """
            )
            while try rows.step() {
                let key = (Int32(0)..<8).map { "\(rows.integer($0))" }.joined(separator: ",")
                let row = RollupRow(rows, at: 8)
                lines.append("\(period) \(key) \(row.calls) \(row.sums) \(row.known) \(row.latency) \(row.firstToken)")
            }
            lines += try tallies(connection, period)
        }
        return lines.sorted()
    }

    private func tallies(_ connection: SQLiteConnection, _ period: RollupPeriod) throws -> [String] {
        let combos = try SQLiteStatement(
            connection,
            "SELECT combo_id, project_id, service_id, provider_id, model_id, operation_id, role, outcome FROM rollup_combos"
        )
        var names: [Int64: String] = [:]
        while try combos.step() {
            names[combos.integer(0)] = (Int32(1)..<8).map { "\(combos.integer($0))" }.joined(separator: ",")
        }
        let rows = try SQLiteStatement(
            connection,
            """
            SELECT tally_id >> 32, traces, combos FROM \(period.tallies) \
            JOIN trace_shapes ON shape_id = tally_id & 0xFFFFFFFF
            """
        )
        var lines: [String] = []
        while try rows.step() {
            let shape = ShapeTable.combos(rows.blob(2)).map { names[$0] ?? "?" }.sorted()
            lines.append("traces \(period) \(rows.integer(0)) \(shape) \(rows.integer(1))")
        }
        return lines
    }

    /// The calls that statistics count, as trace and number.
    private func counted(_ connection: SQLiteConnection) throws -> [String] {
        let rows = try SQLiteStatement(connection, "SELECT call_id FROM calls WHERE counts=1 ORDER BY call_id")
        var found: [String] = []
        while try rows.step() { found.append("\(rows.integer(0) >> 24).\(rows.integer(0) & 0xFFFFFF)") }
        return found
    }

    private func zones(_ connection: SQLiteConnection) throws -> [Int64: Zone] {
        let rows = try SQLiteStatement(connection, "SELECT \(Zone.columns), zone FROM zones")
        var zones: [Int64: Zone] = [:]
        while try rows.step() { zones[rows.integer(26)] = Zone(rows) }
        return zones
    }

    @Test(arguments: [(64 << 20, 1), (0, 2), (0, 3)])
    func `what was counted along the way is what a new count comes to`(_ cacheBytes: Int, _ seed: UInt64) async throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var random = SeededRandom(seed: seed)
        for _ in 0..<3 {
            let store = try open(cacheBytes: cacheBytes)
            for _ in 0..<25 {
                try await write(store, (0..<Int.random(in: 1...20, using: &random)).map { _ in Self.span(&random) })
                if Int.random(in: 0..<5, using: &random) == 0 { await rest(store) }
            }
            await store.close()
        }
        let connection = try SQLiteConnection(path: folder + "/skein.db")
        let kept = try dump(connection)
        let keptCalls = try counted(connection)
        let keptZones = try zones(connection)
        #expect(kept.count > 20)
        try connection.execute(
            """
            DELETE FROM rollups_by_hour; DELETE FROM rollups_by_day; DELETE FROM tallies_by_hour;
            DELETE FROM tallies_by_day; DELETE FROM trace_shapes; DELETE FROM zones; DELETE FROM zone_filters;
            UPDATE calls SET outcome=0, counts=0;
            INSERT INTO meta(key, value) VALUES('derived_from', 0);
            """
        )
        var rebuild = DerivedRebuild(connection)
        try rebuild.run()
        #expect(Set(try counted(connection)).symmetricDifference(keptCalls).sorted() == [])
        let fresh = try dump(connection)
        #expect(Set(kept).symmetricDifference(fresh).sorted().map { $0.prefix(40) } == [])
        #expect(kept.count == fresh.count)
        for (number, zone) in try zones(connection) {
            #expect(keptZones[number]?.covers(zone) == true)
        }
        #expect(try DerivedRebuild.start(connection) == nil)
    }

    @Test func `a percentile of a histogram is at most 2 % off, also after values were taken back`() {
        var random = SeededRandom(seed: 7)
        let values = (0..<5_000).map { _ in Int64(pow(10, Double.random(in: 0..<13, using: &random))) }
        var histogram = LogHistogram()
        histogram.add(values.map { .init(bucket: LogHistogram.bucket(of: $0), count: 1) })
        histogram.add((0..<500).map { .init(bucket: LogHistogram.bucket(of: Int64($0) << 40), count: 1) })
        histogram.add((0..<500).map { .init(bucket: LogHistogram.bucket(of: Int64($0) << 40), count: -1) })
        let sorted = values.sorted()
        for share in [0.01, 0.5, 0.9, 0.95, 0.99, 1] {
            let exact = Double(sorted[max(0, Int((share * 5_000).rounded(.up)) - 1)])
            let found = histogram.percentile(share) ?? 0
            #expect(abs(found - exact) <= exact * 0.02)
        }
        #expect(histogram.encoded.withUnsafeBytes { LogHistogram(decoding: $0) } == histogram)
    }
}

extension Zone {
    /// Whether everything that another zone has is within this one.
    fileprivate func covers(_ other: Zone) -> Bool {
        func holds(_ mine: Bounds, _ theirs: Bounds) -> Bool {
            mine.least <= theirs.least && mine.greatest >= theirs.greatest
        }
        let bounds =
            holds(start, other.start) && holds(duration, other.duration) && holds(cost, other.cost)
            && holds(tokens, other.tokens) && holds(callStart, other.callStart)
            && holds(callDuration, other.callDuration) && holds(callCost, other.callCost)
            && holds(callTokens, other.callTokens)
        let sets = [
            (projects, other.projects), (services, other.services), (models, other.models),
            (providers, other.providers), (operations, other.operations), (errors, other.errors), (marks, other.marks),
            (states, other.states), (callServices, other.callServices), (outcomes, other.outcomes),
        ]
        return bounds && sets.allSatisfy { $0.0 & $0.1 == $0.1 }
    }
}
