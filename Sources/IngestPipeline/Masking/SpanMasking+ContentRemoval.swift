// SpanMasking+ContentRemoval.swift - what happens to spans whose content has expired.

public import TraceModel

extension SpanMasking: ContentRemoval {
    /// Stores nothing of what people and models wrote, and changes nothing else.
    ///
    /// - Throws: `RedactionError`; not while there are no rules.
    public static func contentOff() throws(RedactionError) -> SpanMasking {
        guard let masking = try SpanMasking(rules: [], keepsContent: false) else {
            preconditionFailure("without content there is something to mask")
        }
        return masking
    }

    /// See `ContentRemoval`.
    public func removeContent(of batch: SpanBatch) -> (batch: SpanBatch, refused: RejectedSpans) {
        let result = mask(batch)
        return (result.batch, result.refused)
    }
}
