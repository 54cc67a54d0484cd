// FuzzCollector.swift - a collector in this process with a store of one trace.

import CollectorServer
import Dispatch
import IngestPipeline
import Logging
import NIOConcurrencyHelpers
import OTLPCodec
import TestSupport
import TraceModel
import TraceStore

/// The collector that inputs are sent to; started with the first, and running until the process ends.
enum FuzzCollector {
    /// The trace that is always there.
    static let traceID = "0af7651916cd43dd8448eb211c80319c"

    private static let started: Int? = {
        let isServing = DispatchSemaphore(value: 0)
        let port = NIOLockedValueBox<Int?>(nil)
        // Never cancelled: it serves until the process ends.
        Task.detached {
            defer { isServing.signal() }
            var config = CollectorConfig(dataDirectory: "/nowhere")
            config.http.port = 0
            config.grpc = .off
            config.maxBodyBytes = 1 << 20
            var logger = Logger(label: "fuzz") { StreamLogHandler.standardError(label: $0) }
            logger.logLevel = .critical
            let server = CollectorServer(
                config: config,
                store: try OneTraceStore(),
                consumer: ExtractingConsumer(),
                logs: LogPipeline(writer: NoStore(), spans: ExtractingConsumer()),
                logger: logger
            ) { served in
                port.withLockedValue { $0 = served.http.port }
                isServing.signal()
            }
            try await server.run()
        }
        isServing.wait()
        return port.withLockedValue { $0 }
    }()

    /// Where it serves HTTP on loopback.
    static func port() throws(FuzzFinding) -> Int {
        guard let started else { throw FuzzFinding("the collector does not start") }
        return started
    }
}

/// Extracts a batch and stores nothing.
private struct ExtractingConsumer: TraceConsumer {
    func consume(_ batch: SpanBatch) async throws -> ConsumeReceipt {
        ConsumeReceipt(stored: try SpanExtractor().extract(batch).facts.count)
    }
}

/// Takes what it gets and keeps nothing.
private struct NoStore: TraceWriter {
    func write(_ batch: SpanBatch) async throws(StoreError) -> ConsumeReceipt {
        ConsumeReceipt(stored: batch.spans.count)
    }
}

/// Has one trace of three spans for whoever asks.
private struct OneTraceStore: CollectorStore {
    private let batch: SpanBatch
    private let summary: TraceSummary

    init() throws {
        let trace = TraceID(hex: FuzzCollector.traceID) ?? TraceID(high: 1, low: 1)
        var spans = (1...3).map { SampleSpan(trace: 0, id: $0, parent: $0 - 1) }
        for index in spans.indices { spans[index].trace = trace }
        spans[2] = spans[2].with(("gen_ai.request.model", "m"), ("note", "\u{7F}\"\\"))
        let request = BatchStorage(copying: SampleSpan.request(spans))
        batch = try SpanExtractor().extract(try ExportRequestDecoder().decode(request, project: nil).batch)
        let root = RootSpan(spanID: SpanID(1), name: "step", attributes: [], truncated: [], isProvisional: false)
        var summary = TraceSummary(
            number: 1,
            project: "default",
            traceID: trace,
            start: batch.facts[0].start,
            end: batch.facts[0].end,
            root: root
        )
        summary.spanCount = spans.count
        self.summary = summary
    }

    func write(_ batch: SpanBatch) async throws(StoreError) -> ConsumeReceipt { ConsumeReceipt() }

    func records(
        of outlines: ArraySlice<SpanOutline>,
        in number: Int64,
        maxBytes: Int
    ) async throws(StoreError) -> StoredRecords? { nil }

    func reindex(after part: Int64?) async throws(StoreError) -> ReindexProgress { ReindexProgress() }

    func indexLag() async -> IndexLag { IndexLag() }

    func removeTraces(of id: TraceID, in scope: ProjectScope, isDryRun: Bool) async throws(StoreError) -> Int { 1 }

    func removeTraces(matching query: TraceQuery) async throws(StoreError) -> RemovalProgress { RemovalProgress() }

    func keys() async throws(StoreError) -> [AccessKey] { [] }

    func addKey(_ key: AccessKey) async throws(StoreError) {}

    func revokeKey(_ id: String) async throws(StoreError) -> AccessKey? { nil }

    func traces(matching query: TraceQuery) async throws(StoreError) -> TracePage {
        TracePage(rows: [summary], next: TracePosition(value: summary.start, number: 1))
    }

    func summaries(of id: TraceID, in scope: ProjectScope) async throws(StoreError) -> [TraceSummary] {
        id == summary.traceID ? [summary] : []
    }

    func trace(_ number: Int64, keeping mostBytes: Int) async throws(StoreError) -> OpenedTrace {
        let outlines = batch.facts.enumerated().map { index, facts in
            SpanOutline(
                spanID: facts.spanID,
                parentID: facts.parentID,
                hasParent: !facts.parentID.isNone,
                start: facts.start,
                end: facts.end,
                marks: facts.marks,
                length: Int(facts.length),
                part: 1,
                index: index,
                call: nil
            )
        }
        return OpenedTrace(number, outlines: outlines)
    }

    func spans(_ outlines: ArraySlice<SpanOutline>, of number: Int64) async throws(StoreError) -> [StoredSpan] {
        outlines.map { outline in
            let slice = batch.spans[outline.index]
            let start = Int(slice.offset)
            return StoredSpan(
                outline: outline,
                storage: batch.storage,
                range: start..<start + Int(slice.length),
                resource: batch.resources[Int(slice.resource)],
                scope: batch.scopes[Int(slice.scope)]
            )
        }
    }

    func calls(matching query: CallQuery) async throws(StoreError) -> CallPage { CallPage(rows: [], total: 0) }
    func stats(matching query: StatsQuery) async throws(StoreError) -> StatsPage { StatsPage(rows: []) }
    func owners(matching query: OwnerQuery) async throws(StoreError) -> OwnerPage { OwnerPage(rows: []) }
    func facets(matching query: FacetQuery) async throws(StoreError) -> FacetPage { FacetPage(values: []) }
    func prompts(matching query: PromptQuery) async throws(StoreError) -> PromptPage { PromptPage(rows: []) }
    func reprice(after number: Int64) async throws(StoreError) -> RepriceProgress { RepriceProgress() }
    func unreadiness() async -> StoreError? { nil }

    func close() async {}
}
