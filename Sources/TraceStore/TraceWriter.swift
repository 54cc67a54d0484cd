// TraceWriter.swift - the writing half of the store contract.

public import TraceModel

/// Stores finished spans, and the log records that carry their content.
public protocol TraceWriter: Sendable {
    /// Stores every span of the batch, or none but those that the receipt rejects.
    ///
    /// Returning means that the spans survive a crash. A span that is stored already is counted as a duplicate and
    /// changes nothing; of two versions of a span one wins whatever their order (DESIGN section 5).
    ///
    /// Log records (`SpanBatch.kind`) are kept with the span that they name, whether it is there or comes later. A trace
    /// of which only log records have arrived is not shown, listed or counted. A record that was stored before is shown
    /// once.
    ///
    /// - Parameter batch: Facts extracted; at least one span. Of log records nothing is extracted; each has valid ids.
    /// - Returns: What became of the spans.
    /// - Throws: `StoreError` with code `unavailable` (a retry can help) or `invalid` (it cannot).
    func write(_ batch: SpanBatch) async throws(StoreError) -> ConsumeReceipt

    /// Does at once what storing a batch costs on the caller's side; the rest goes on by itself.
    ///
    /// For callers that do such work on threads of their own, where nobody should wait for a disk.
    ///
    /// - Parameters:
    ///   - batch: As in `write`.
    ///   - behind: How many batches wait for this one to be stored; where they are many, a store may take less time and
    ///     more room.
    /// - Returns: What tells, when it is asked, what became of the spans; nothing is stored for certain before.
    /// - Throws: `StoreError` with code `unavailable` or `invalid`; nothing is stored then.
    func begin(_ batch: SpanBatch, behind: Int) throws(StoreError) -> any PendingReceipt
}

/// Tells what became of a batch.
public protocol PendingReceipt: Sendable {
    /// Waits until it is known; asked once.
    ///
    /// - Returns: What became of the spans, which survive a crash now.
    /// - Throws: As `TraceWriter.write`.
    func receipt() async throws(StoreError) -> ConsumeReceipt
}

extension TraceWriter {
    /// Leaves all of it until the receipt is asked for.
    public func begin(_ batch: SpanBatch, behind: Int) throws(StoreError) -> any PendingReceipt {
        WholeWrite(writer: self, batch: batch)
    }
}

/// A batch that is written when its receipt is asked for.
private struct WholeWrite: PendingReceipt {
    let writer: any TraceWriter
    let batch: SpanBatch

    func receipt() async throws(StoreError) -> ConsumeReceipt {
        try await writer.write(batch)
    }
}
