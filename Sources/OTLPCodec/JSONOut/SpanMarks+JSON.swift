// SpanMarks+JSON.swift - what is odd about spans, in words.

public import TraceModel

extension SpanMarks {
    /// The short names of what is odd, as answers list them under `warnings`; marks that are no fault have none.
    public var warnings: [String] {
        Self.names.filter { contains($0.mark) }.map(\.name)
    }

    /// All marks that answers list under `warnings`.
    public static let allWarnings = names.reduce(into: SpanMarks()) { $0.formUnion($1.mark) }

    /// The mark of a short name.
    ///
    /// - Parameter warning: Such as `cost_differs`.
    public init?(warning: String) {
        guard let known = Self.names.first(where: { $0.name == warning }) else { return nil }
        self = known.mark
    }

    /// The short names of all marks that have one.
    public static var warningNames: [String] { names.map(\.name) }

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
