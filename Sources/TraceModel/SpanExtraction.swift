// SpanExtraction.swift - the step that makes facts of bytes.

/// Fills what a batch knows of its spans: facts, calls, strings and the groups' roots.
///
/// Used on arrival and when a stored trace is read back, so that both see the same facts. Safe to call from several
/// tasks at once.
public protocol SpanExtraction: Sendable {
    /// Extracts a batch.
    ///
    /// What was filled before is replaced. The order of spans and groups stays as it is.
    ///
    /// - Parameter batch: Its spans have passed the scanner.
    /// - Returns: The same batch with one entry of `facts` for each of its `spans`.
    /// - Throws: A `CollectorError`: `invalid` when a span cannot be decoded after all, `overloaded` when memory is
    ///   short.
    func extract(_ batch: SpanBatch) throws -> SpanBatch

    /// Gives back the memory that only work needs, when nothing has happened for a while.
    func rest()
}

extension SpanExtraction {
    /// Nothing, for those that keep nothing.
    public func rest() {}
}
