// ExportIntake.swift - from the bytes of an export request to the consumer.

import OTLPCodec
import TraceModel

/// One export request, as any transport received it.
struct ExportPayload {
    var body: BatchStorage
    var encoding: OTLPEncoding
    var compression: BodyCompression
    var project: String?

    init(_ body: consuming BatchStorage, _ head: ExportHead) {
        self.body = body
        encoding = head.encoding
        compression = head.compression
        project = head.project
    }
}

/// What became of an export request.
struct ExportOutcome: Equatable {
    /// Spans or log records that are on disk, now or before.
    var accepted = 0
    /// Accepted spans that were on disk before.
    var duplicates = 0
    /// Log records that are nothing to the collector.
    var ignored = 0
    /// Spans or log records that can never be accepted, by the decoder and by the consumer.
    var rejected = RejectedSpans.none
}

/// A consumer's refusal of a decoded batch.
struct RefusedBatch: Error {
    /// How many spans or log records were refused.
    var spans: Int
    var cause: any Error
}

/// Inflates, transcodes, decodes and hands on; the same for every transport.
struct ExportIntake: Sendable {
    let consumer: any TraceConsumer
    let logs: any LogConsumer
    let maxBodyBytes: Int

    /// Takes a request.
    ///
    /// - Parameters:
    ///   - payload: Its body and how that is encoded.
    ///   - signal: What it carries.
    ///   - lease: Pays for the body already, and pays for each form of it here.
    ///   - onDecoded: Told how many spans or log records there are, before any of them is handed on.
    /// - Returns: What became of them.
    /// - Throws: `RefusedBatch` when the consumer failed; before that another `CollectorError`.
    func take(
        _ payload: consuming ExportPayload,
        of signal: OTLPSignal = .traces,
        lease: any MemoryLease,
        onDecoded: (_ items: Int) -> Void = { _ in }
    ) async throws -> ExportOutcome {
        // An empty body is an empty request in both encodings (OTLP 1.x, Full Success).
        if payload.body.bytes.isEmpty { return ExportOutcome() }
        if payload.compression != .identity { try await inflate(&payload, lease) }
        if payload.encoding == .json { try await transcode(&payload, signal, lease) }
        let decoded = try ExportRequestDecoder().decode(payload.body, project: payload.project, as: signal)
        let items = decoded.batch.spans.count + decoded.rejected.count + decoded.unlisted
        onDecoded(items)
        var outcome = ExportOutcome(ignored: decoded.unlisted, rejected: decoded.rejected)
        guard !decoded.batch.spans.isEmpty else { return outcome }
        do {
            switch signal {
            case .traces: try await hand(decoded.batch, lease, &outcome)
            case .logs: try await hand(LogBatch(records: decoded.batch, project: payload.project), lease, &outcome)
            }
            return outcome
        } catch {
            throw RefusedBatch(spans: items, cause: error)
        }
    }

    private func hand(_ batch: SpanBatch, _ lease: any MemoryLease, _ outcome: inout ExportOutcome) async throws {
        try await lease.grow(by: consumer.workingBytes(of: batch))
        let receipt = try await consumer.consume(batch)
        outcome.accepted = receipt.stored + receipt.duplicates
        outcome.duplicates = receipt.duplicates
        outcome.rejected = outcome.rejected + receipt.rejected
    }

    private func hand(_ batch: LogBatch, _ lease: any MemoryLease, _ outcome: inout ExportOutcome) async throws {
        try await lease.grow(by: logs.workingBytes(of: batch))
        let receipt = try await logs.consume(batch)
        outcome.accepted = receipt.accepted
        outcome.ignored += receipt.ignored
        outcome.rejected = outcome.rejected + receipt.rejected
    }

    /// Replaces a compressed body by the plain one.
    ///
    /// The size that the sender hints at is paid for first. Only when that proves too small is the full limit paid
    /// for and the body inflated again, so that a false hint never uses memory that nobody counted.
    private func inflate(_ payload: inout ExportPayload, _ lease: any MemoryLease) async throws {
        let compressed = payload.body.bytes.count
        var paid = min(max(Gunzip.sizeHint(payload.body.bytes), compressed * 4), maxBodyBytes)
        try await lease.grow(by: paid)
        var fitting = try inflatedIfFitting(payload, limit: paid)
        if fitting == nil {
            try await lease.grow(by: maxBodyBytes - paid)
            paid = maxBodyBytes
            fitting = try inflatedIfFitting(payload, limit: maxBodyBytes)
        }
        guard let plain = fitting else {
            throw ReceiverError.bodyTooLarge("larger than allowed after decompression", limit: maxBodyBytes)
        }
        payload.body = plain
        lease.shrink(by: compressed + paid - plain.bytes.count)
    }

    /// The plain body; nil when it is larger than the limit.
    private func inflatedIfFitting(_ payload: ExportPayload, limit: Int) throws(OTLPCodecError) -> BatchStorage? {
        do {
            switch payload.compression {
            case .identity: return payload.body
            case .gzip: return try Gunzip.inflate(payload.body.bytes, limit: limit)
            case .deflate: return try Gunzip.inflateDeflate(payload.body.bytes, limit: limit)
            }
        } catch {
            if error.code == .tooLarge { return nil }
            throw error
        }
    }

    /// Replaces a JSON body by the protobuf form, which is hardly ever the longer one.
    private func transcode(
        _ payload: inout ExportPayload,
        _ signal: OTLPSignal,
        _ lease: any MemoryLease
    ) async throws {
        let size = payload.body.bytes.count
        if size == 0 { return }
        try await lease.grow(by: size)
        let message = try JSONTranscoder.transcode(payload.body.bytes, limit: maxBodyBytes, as: signal)
        payload.body = message
        let excess = message.bytes.count - size
        if excess > 0 { try await lease.grow(by: excess) }
        lease.shrink(by: excess > 0 ? size : size - excess)
    }
}
