// RecordFilter+URL.swift - the conditions that lists of traces, lists of calls and statistics share, out of a URL.

import OTLPCodec
import TraceModel
import TraceStore

extension RecordFilter {
    /// The parameters that are read here; times are read by whoever knows which ones.
    static let parameters: Set<String> = [
        QueryParameters.attributes, "error_type", "has_warning", "max_cost", "max_latency_ms", "max_tokens", "min_cost",
        "min_latency_ms", "min_tokens", "model", "name", "operation", "project", "provider", "q", "service",
        "session_id", "tag", "tool", "user_id", "warning",
    ]

    /// Most conditions on spans.
    private static let mostSpanConditions = 16

    /// Reads and checks the parameters; `allowOnly` is the caller's.
    init(_ parameters: QueryParameters, scope: ProjectScope) throws(APIError) {
        self.init()
        self.scope = scope
        model = parameters["model"]
        provider = parameters["provider"]
        service = parameters["service"]
        session = parameters["session_id"]
        user = parameters["user_id"]
        errorType = parameters["error_type"]
        operation = parameters["operation"]
        minDuration = try parameters.milliseconds("min_latency_ms")
        maxDuration = try parameters.milliseconds("max_latency_ms")
        minCost = try parameters.money("min_cost")
        maxCost = try parameters.money("max_cost")
        minTokens = try parameters.integer("min_tokens", in: 0...Int64.max)
        maxTokens = try parameters.integer("max_tokens", in: 0...Int64.max)
        warning = try Self.warning(parameters)
        spans = try Self.spans(parameters)
        text = try Self.text(parameters)
    }

    private static func spans(_ parameters: QueryParameters) throws(APIError) -> [SpanCondition] {
        var found: [SpanCondition] = []
        if let name = parameters["name"] { found.append(SpanCondition(.name, name)) }
        if let tool = parameters["tool"] { found.append(SpanCondition(.tool, tool)) }
        if let tag = parameters["tag"] { found.append(SpanCondition(.tag, tag)) }
        for (key, value) in parameters.values(after: QueryParameters.attribute) {
            found.append(SpanCondition(.attribute(key), value))
        }
        guard found.count <= mostSpanConditions else {
            throw .invalid(
                QueryParameters.attributes,
                "there are \(found.count) conditions on attributes and names, at most \(mostSpanConditions) are allowed"
            )
        }
        return found
    }

    private static func text(_ parameters: QueryParameters) throws(APIError) -> TextQuery? {
        guard let text = parameters["q"] else { return nil }
        do throws(StoreError) {
            return try TextQuery(text)
        } catch {
            throw .invalid("q", error.message)
        }
    }

    private static func warning(_ parameters: QueryParameters) throws(APIError) -> WarningFilter? {
        if let name = parameters["warning"] {
            guard parameters["has_warning"] == nil else {
                throw .invalid("warning", "'warning' and 'has_warning' exclude each other")
            }
            if name == TraceSummary.missingParentWarning {
                return WarningFilter(marks: [], includesMissingParents: true)
            }
            guard let mark = SpanMarks(warning: name) else {
                let names = SpanMarks.warningNames + [TraceSummary.missingParentWarning]
                throw .invalid("warning", "'warning' is one of \(names.joined(separator: ", "))")
            }
            return WarningFilter(marks: mark, includesMissingParents: false)
        }
        return try parameters.truth("has_warning").map {
            WarningFilter(marks: .allWarnings, includesMissingParents: true, isNegated: !$0)
        }
    }

    /// Everything that picks rows, as texts whose hash binds a cursor to it.
    var conditions: [String?] {
        let project: String? = if case .only(let name) = scope { name } else { nil }
        let plain = [
            project, startsFrom.map(String.init), startsBefore.map(String.init), model, provider, service, session,
            user, minDuration.map(String.init), maxDuration.map(String.init), minCost?.decimal, maxCost?.decimal,
            minTokens.map(String.init), maxTokens.map(String.init), errorType, operation,
            warning.map { "\($0.marks.rawValue) \($0.includesMissingParents) \($0.isNegated)" },
        ]
        let words = text?.words.map { $0.text + ($0.isPrefix ? "*" : "") } ?? []
        return plain + ["\(words.count)"] + words + spans.flatMap { ["\($0.property)", $0.value] }
    }
}
