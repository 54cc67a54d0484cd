// SpanMarks+JSON.swift - what is odd about spans, in words.

public import TraceModel

extension SpanMarks {
    /// The short names of what is odd, as answers list them under `warnings`; marks that are no fault have none.
    public var warnings: [String] {
        Self.names.filter { contains($0.mark) }.map(\.name)
    }

    private static let names: [(mark: SpanMarks, name: String)] = [
        (.pending, "pending"),
        (.startMissing, "start_missing"),
        (.endBeforeStart, "end_before_start"),
        (.timeClamped, "time_clamped"),
        (.parentInvalid, "parent_invalid"),
        (.parentCyclic, "parent_cyclic"),
        (.stringIndexIgnored, "string_index_ignored"),
        (.cacheAboveInput, "cache_above_input"),
        (.totalMismatch, "total_tokens_mismatch"),
        (.costDiffers, "cost_differs"),
        (.usageMissing, "usage_missing"),
    ]
}
