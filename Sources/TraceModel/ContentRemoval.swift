// ContentRemoval.swift - the step that takes the content out of stored spans.

/// Takes messages, arguments, results and documents out of spans, and leaves ids, times, numbers and names.
///
/// The same bytes always become the same. Safe to call from several tasks at once.
public protocol ContentRemoval: Sendable {
    /// Takes the content out of a batch.
    ///
    /// - Parameter batch: Its spans have passed the scanner; nothing needs to be extracted.
    /// - Returns: The batch without content, nothing extracted, and the spans of which it could not be taken out: they
    ///   are left out.
    func removeContent(of batch: SpanBatch) -> (batch: SpanBatch, refused: RejectedSpans)
}
