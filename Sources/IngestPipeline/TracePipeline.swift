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

    /// See `TraceConsumer`: what masking may write, and the slices as far as others need not wait for them.
    public func workingBytes(of batch: SpanBatch) -> Int {
        let spans = batch.spans.count * MemoryLayout<SpanSlice>.stride
        let groups = batch.groups.count * MemoryLayout<TraceGroup>.stride
        return min(spans + groups, Self.mostForSlices) + (masking?.workingBytes(of: batch) ?? 0)
    }

    /// See `TraceConsumer`.
    ///
    /// A batch of very many spans is stored piece by piece (`BatchPieces`): where one fails, those before stay.
    public func consume(_ batch: SpanBatch) async throws -> ConsumeReceipt {
        guard !batch.spans.isEmpty else { return ConsumeReceipt() }
        // For a few spans the way to another thread would cost more than they do.
        guard batch.spans.count >= Self.manySpans else {
            let masked = mask(batch)
            return count(masked, in: try await finish(begin(masked.batch)))
        }
        if BatchPieces.isNeeded(for: batch) { return try await consumeInPieces(batch) }
        let bytes = batch.storage.bytes.count
        let behind = await gate.enter(bytes)
        defer { gate.leave(bytes) }
        let (masked, begun) = try await withTaskExecutorPreference(executor) {
            let masked = mask(batch)
            return (masked, try begin(masked.batch, behind: behind))
        }
        // Answers go on elsewhere: they would wait behind batches that are being read.
        return count(masked, in: try await finish(begun))
    }

    /// Masks a batch as a whole, and stores it piece by piece.
    private func consumeInPieces(_ batch: SpanBatch) async throws -> ConsumeReceipt {
        let masked = masking == nil ? MaskedBatch(batch: batch) : await maskInTurn(batch)
        var receipt = ConsumeReceipt()
        var left = masked.batch.spans.count
        for piece in BatchPieces(masked.batch) {
            left -= piece.spans.count
            do {
                receipt.add(try await consume(piece: piece))
            } catch {
                failed.increment(by: left)
                throw error
            }
        }
        return count(masked, in: receipt)
    }

    private func maskInTurn(_ batch: SpanBatch) async -> MaskedBatch {
        let bytes = batch.storage.bytes.count
        _ = await gate.enter(bytes)
        defer { gate.leave(bytes) }
        return await withTaskExecutorPreference(executor) { mask(batch) }
    }

    private func consume(piece: SpanBatch) async throws -> ConsumeReceipt {
        let spans = piece.spans.reduce(0) { $0 + Int($1.length) }
        let bytes = spans + piece.envelopeBytes + piece.groups.count * Self.bytesOfGroup
        let behind = await gate.enter(bytes)
        defer { gate.leave(bytes) }
        return try await finish(withTaskExecutorPreference(executor) { try begin(piece, behind: behind) })
    }

    private static let manySpans = 32
    /// Bytes that the slices of one request are paid for with at most: more would leave no room for other requests.
    private static let mostForSlices = 16 << 20
    /// About what a tiny trace takes in work beside its bytes.
    private static let bytesOfGroup = 1024
    /// Bytes of large batches in work at once: some for each core, and as many for the writer as make long commits, which
    /// cost a tenth less than short ones.
    static let mostInWork = (16 + 2 * System.coreCount) << 20

    /// A batch on its way.
    private struct Begun {
        var spans = 0
        /// Tells what became of it; nil when masking left nothing of it.
        var pending: (any PendingReceipt)?
    }

    private func mask(_ batch: SpanBatch) -> MaskedBatch {
        masking?.mask(batch) ?? MaskedBatch(batch: batch)
    }

    /// Reads a masked batch, and hands it to the writer.
    private func begin(_ batch: SpanBatch, behind: Int = 0) throws -> Begun {
        var begun = Begun(spans: batch.spans.count)
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
        guard let pending = begun.pending else { return ConsumeReceipt() }
        do {
            let receipt = try await pending.receipt()
            sent.increment(by: receipt.stored)
            duplicates.increment(by: receipt.duplicates)
            rejected.increment(by: receipt.rejected.count)
            return receipt
        } catch {
            failed.increment(by: begun.spans)
            throw error
        }
    }

    /// Counts what masking did, only now: a request that is not stored comes again.
    private func count(_ batch: MaskedBatch, in stored: ConsumeReceipt) -> ConsumeReceipt {
        masked.increment(by: batch.changed)
        refused.increment(by: batch.refused.count)
        var receipt = stored
        receipt.rejected = batch.refused + receipt.rejected
        return receipt
    }
}

extension ConsumeReceipt {
    /// Adds what became of another piece of the same batch; one reason is enough of those that name other numbers.
    fileprivate mutating func add(_ piece: ConsumeReceipt) {
        stored += piece.stored
        duplicates += piece.duplicates
        rejected.count += piece.rejected.count
        if rejected.message.isEmpty { rejected.message = piece.rejected.message }
    }
}
