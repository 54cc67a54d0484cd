// TraceConsumer.swift - the one method that every receiver sees.

/// What became of a batch.
public struct ConsumeReceipt: Sendable, Equatable {
    /// Spans that are on disk now.
    public var stored: Int
    /// Spans that were there already.
    public var duplicates: Int
    /// Spans that can never be accepted.
    public var rejected: RejectedSpans

    /// Makes a receipt.
    public init(stored: Int = 0, duplicates: Int = 0, rejected: RejectedSpans = .none) {
        self.stored = stored
        self.duplicates = duplicates
        self.rejected = rejected
    }
}

/// Takes batches from receivers.
public protocol TraceConsumer: Sendable {
    /// Takes every span of the batch but those that the receipt rejects.
    ///
    /// Returning means that the spans survive a crash.
    ///
    /// - Parameter batch: May be empty; facts need not be extracted.
    /// - Returns: What became of the spans.
    /// - Throws: A `CollectorError`; `overloaded` and `unavailable` can be tried again. Nothing was stored then, but of a batch
    ///   of very many spans perhaps the first of them: tried again they are duplicates.
    func consume(_ batch: SpanBatch) async throws -> ConsumeReceipt

    /// Bytes of memory that consuming the batch may take beside the body; receivers pay for them before they hand it on.
    func workingBytes(of batch: SpanBatch) -> Int
}

extension TraceConsumer {
    /// Nothing worth counting.
    public func workingBytes(of batch: SpanBatch) -> Int { 0 }
}
