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
}
