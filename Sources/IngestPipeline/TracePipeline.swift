// TracePipeline.swift - the one way of every span: extraction, then the store.

public import Metrics
public import TraceModel
public import TraceStore

/// Takes batches from every receiver and writes them to a store.
///
/// It holds nothing back: a batch is extracted on the caller's task and handed to the writer, whose answer is the
/// answer. What waits is bounded by the memory budget that receivers reserve from before they read a body.
public struct TracePipeline: TraceConsumer {
    private let writer: any TraceWriter
    private let extraction: any SpanExtraction
    private let sent: Counter
    private let failed: Counter
    private let duplicates: Counter
    private let rejected: Counter

    /// Makes a pipeline.
    ///
    /// - Parameters:
    ///   - writer: Where spans go.
    ///   - extraction: Fills the facts of a batch.
    ///   - metricsFactory: Makes the counters.
    public init(
        writer: any TraceWriter,
        extraction: any SpanExtraction,
        metricsFactory: any MetricsFactory = MetricsSystem.factory
    ) {
        self.writer = writer
        self.extraction = extraction
        func counter(_ label: String) -> Counter {
            Counter(label: label, dimensions: [("exporter", "store")], factory: metricsFactory)
        }
        sent = counter("exporter_sent_spans")
        failed = counter("exporter_send_failed_spans")
        duplicates = counter("exporter_duplicate_spans")
        rejected = counter("exporter_rejected_spans")
    }

    /// See `TraceConsumer`.
    public func consume(_ batch: SpanBatch) async throws -> ConsumeReceipt {
        guard !batch.spans.isEmpty else { return ConsumeReceipt() }
        do {
            let receipt = try await writer.write(extraction.extract(batch))
            sent.increment(by: receipt.stored)
            duplicates.increment(by: receipt.duplicates)
            rejected.increment(by: receipt.rejected.count)
            return receipt
        } catch {
            failed.increment(by: batch.spans.count)
            throw error
        }
    }
}
