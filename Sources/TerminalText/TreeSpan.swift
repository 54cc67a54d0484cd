// TreeSpan.swift - what a tree shows of a span.

import TraceModel

/// What a tree shows of a span; little, since there may be very many.
struct TreeSpan {
    var id: String
    var parent: String?
    /// Harmless text.
    var name: String
    /// The model, where the name does not say it.
    var model: String?
    /// What went wrong, in a word or two; empty when only that it did is known, nil when nothing did.
    var failure: String?
    /// Nanoseconds since the Unix epoch; 0 when unknown.
    var start: Int64
    var end: Int64
    /// How its usage counts: `own`, `aggregate`, `duplicate`; nil without usage.
    var counted: String?
    var figures = TreeFigures()
    /// Its place among the spans of the trace.
    var children: [Int] = []

    /// Names and words longer than this are cut, so that a span takes little memory.
    private static let mostCharacters = 500

    /// Reads a span of the API.
    init(_ span: JSONValue) {
        let llm = span["llm"]
        id = span["span_id"]?.string ?? ""
        parent = span["parent_span_id"]?.string
        name = Self.short(span["name"]) ?? "(no name)"
        if name.isEmpty { name = "(no name)" }
        start = Self.nanoseconds(span["start_time_unix_nano"])
        end = max(start, Self.nanoseconds(span["end_time_unix_nano"]))
        counted = llm?["counted"]?.string
        if let model = Self.short(llm?["model"]), !name.contains(model) { self.model = model }
        if span[path: ["status", "code"]]?.string == "ERROR" {
            failure = Self.short(llm?["error_type"]) ?? Self.short(span[path: ["status", "message"]]) ?? ""
        }
        figures.input = llm?["input_tokens"]?.integer
        figures.output = llm?["output_tokens"]?.integer
        figures.cost = llm?["cost_usd"]?.double
        figures.nanoseconds = duration
        figures.failures = failure == nil ? 0 : 1
    }

    /// Nanoseconds from its start to its end.
    var duration: Int64 {
        let (difference, overflow) = end.subtractingReportingOverflow(start)
        return overflow || difference < 0 ? 0 : difference
    }

    /// Whether its usage enters the totals.
    var isOwn: Bool { counted == "own" }

    private static func short(_ value: JSONValue?) -> String? {
        value?.string.map { SafeText.line(String($0.prefix(mostCharacters))) }
    }

    private static func nanoseconds(_ value: JSONValue?) -> Int64 {
        guard let text = value?.string ?? value?.number else { return 0 }
        return Int64(text) ?? .max
    }
}

/// What one or several spans come to.
struct TreeFigures {
    var spans = 1
    var failures = 0
    var nanoseconds: Int64 = 0
    var input: Int64?
    var output: Int64?
    var cost: Double?

    /// Adds usage and failures of others; unknown stays unknown as long as neither is known.
    mutating func add(_ other: TreeFigures) {
        spans += other.spans
        failures += other.failures
        input = Self.sum(input, other.input)
        output = Self.sum(output, other.output)
        cost = other.cost.map { (cost ?? 0) + $0 } ?? cost
    }

    /// The same without usage, of a span that does not count.
    var withoutUsage: TreeFigures {
        var figures = self
        (figures.input, figures.output, figures.cost) = (nil, nil, nil)
        return figures
    }

    private static func sum(_ left: Int64?, _ right: Int64?) -> Int64? {
        guard let right else { return left }
        let (sum, overflow) = (left ?? 0).addingReportingOverflow(right)
        return overflow ? .max : sum
    }
}
