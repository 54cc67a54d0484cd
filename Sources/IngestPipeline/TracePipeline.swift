// TracePipeline.swift - the one way of every span: masking, extraction, then the store.

public import Metrics
import NIOCore
public import TraceModel
public import TraceStore

/// Takes batches from every receiver and writes them to a store.
///
/// A batch is extracted on the caller's task, a large one on threads of its own, and handed to the writer, whose answer is
/// the answer. Of large ones only so many are in work at once (`BatchGate`); what waits is bounded by the memory budget
/// that receivers reserve from before they read a body.
public struct TracePipeline: TraceConsumer {
    private let writer: any TraceWriter
    private let extraction: any SpanExtraction
    private let masking: SpanMasking?
    private let sent: Counter
    private let failed: Counter
    private let duplicates: Counter
    private let rejected: Counter
    private let executor = IngestExecutor()
    private let gate = BatchGate(bytes: Self.mostInWork)
    private let masked: Counter
    private let refused: Counter

    /// Makes a pipeline.
    ///
    /// - Parameters:
    ///   - writer: Where spans go.
    ///   - extraction: Fills the facts of a batch.
    ///   - masking: Masks batches before they are extracted; nil when there is nothing to mask.
    ///   - metricsFactory: Makes the counters.
    public init(
        writer: any TraceWriter,
        extraction: any SpanExtraction,
        masking: SpanMasking? = nil,
        metricsFactory: any MetricsFactory = MetricsSystem.factory
    ) {
        self.writer = writer
        self.extraction = extraction
        self.masking = masking
        func counter(_ label: String, _ dimension: (String, String) = ("exporter", "store")) -> Counter {
            Counter(label: label, dimensions: [dimension], factory: metricsFactory)
        }
        sent = counter("exporter_sent_spans")
        failed = counter("exporter_send_failed_spans")
        duplicates = counter("exporter_duplicate_spans")
        rejected = counter("exporter_rejected_spans")
        masked = counter("processor_masked_spans", ("processor", "masking"))
        refused = counter("processor_refused_spans", ("processor", "masking"))
    }

    /// See `TraceConsumer`: the slices themselves, and what masking may write.
    public func workingBytes(of batch: SpanBatch) -> Int {
        let spans = batch.spans.count * MemoryLayout<SpanSlice>.stride
        let groups = batch.groups.count * MemoryLayout<TraceGroup>.stride
        return spans + groups + (masking?.workingBytes(of: batch) ?? 0)
    }

    /// See `TraceConsumer`.
    ///
    /// A batch of very many spans is stored piece by piece (`BatchPieces`): where one fails, those before stay.
    public func consume(_ batch: SpanBatch) async throws -> ConsumeReceipt {
        guard !batch.spans.isEmpty else { return ConsumeReceipt() }
        // For a few spans the way to another thread would cost more than they do.
        guard batch.spans.count >= Self.manySpans else { return try await finish(begin(batch)) }
        guard BatchPieces.isNeeded(for: batch) else {
            return try await consume(batch, bytes: batch.storage.bytes.count)
        }
        var receipt = ConsumeReceipt()
        for piece in BatchPieces(batch) {
            let bytes = piece.spans.reduce(0) { $0 + Int($1.length) }
            receipt.add(try await consume(piece, bytes: bytes))
        }
        return receipt
    }

    private func consume(_ batch: SpanBatch, bytes: Int) async throws -> ConsumeReceipt {
        let behind = await gate.enter(bytes)
        defer { gate.leave(bytes) }
        // Answers go on elsewhere: they would wait behind batches that are being read.
        return try await finish(withTaskExecutorPreference(executor) { try begin(batch, behind: behind) })
    }

    private static let manySpans = 32
    /// Bytes of large batches in work at once: some for each core, and as many for the writer as make long commits, which
    /// cost a tenth less than short ones.
    static let mostInWork = (16 + 2 * System.coreCount) << 20

    /// A batch on its way.
    private struct Begun {
        var spans = 0
        /// Tells what became of it; nil when masking left nothing of it.
        var pending: (any PendingReceipt)?
        var changed = 0
        var refused = RejectedSpans.none
    }

    /// Masks and reads a batch, and hands it to the writer.
    private func begin(_ batch: SpanBatch, behind: Int = 0) throws -> Begun {
        var begun = Begun()
        var batch = batch
        if let masking {
            let result = masking.mask(batch)
            (begun.changed, begun.refused) = (result.changed, result.refused)
            batch = result.batch
        }
        begun.spans = batch.spans.count
        guard !batch.spans.isEmpty else { return begun }
        do {
            begun.pending = try writer.begin(extraction.extract(batch), behind: behind)
        } catch {
            failed.increment(by: begun.spans)
            throw error
        }
        return begun
    }

    /// Waits until a batch is stored.
    private func finish(_ begun: Begun) async throws -> ConsumeReceipt {
        var receipt = ConsumeReceipt()
        if let pending = begun.pending {
            do {
                receipt = try await pending.receipt()
            } catch {
                failed.increment(by: begun.spans)
                throw error
            }
            sent.increment(by: receipt.stored)
            duplicates.increment(by: receipt.duplicates)
            rejected.increment(by: receipt.rejected.count)
        }
        // Counted only now: a request that is not stored comes again.
        masked.increment(by: begun.changed)
        refused.increment(by: begun.refused.count)
        receipt.rejected = begun.refused + receipt.rejected
        return receipt
    }
}

extension ConsumeReceipt {
    /// Adds what became of another piece of the same batch; one reason is enough of those that name other numbers.
    mutating func add(_ piece: ConsumeReceipt) {
        stored += piece.stored
        duplicates += piece.duplicates
        rejected.count += piece.rejected.count
        if rejected.message.isEmpty { rejected.message = piece.rejected.message }
    }
}
