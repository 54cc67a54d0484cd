// FacetQuery.swift - which values calls have, and how often.

/// What calls have values of.
public enum FacetField: String, Sendable, CaseIterable {
    /// The model that counts.
    case model
    /// The provider's canonical name.
    case provider
    /// The service of the span.
    case service
    /// The project.
    case project
    /// The operation, as sent.
    case operation
    /// How the call ended.
    case status
    /// The error class of the call.
    case errorType = "error_type"
    /// The tool; counted are its runs.
    case tool
    /// The user that the span names.
    case user
    /// The session that the span names.
    case session
}

/// Which values are asked for.
public struct FacetQuery: Sendable, Equatable {
    /// Which calls.
    public var calls = CallQuery()
    /// Whose values.
    public var fields: [FacetField] = [.model, .provider, .service, .project, .operation, .status]
    /// Most values of one field.
    public var limit = 100

    /// Makes a query for the values of all projects.
    public init() {}
}

/// A value and how often it is there.
public struct FacetValue: Sendable, Equatable {
    /// The value as text.
    public var value: String
    /// Own calls, each once; runs where the value is a tool.
    public var calls: Int64
    /// Traces with such a call.
    public var traces: Int64

    /// Makes a value.
    public init(value: String, calls: Int64, traces: Int64) {
        self.value = value
        self.calls = calls
        self.traces = traces
    }
}

/// The values of some fields.
public struct FacetPage: Sendable, Equatable {
    /// For each field that was asked for its values, those of the most calls first.
    public var values: [[FacetValue]]
    /// Whether some field has more values than are shown.
    public var isTruncated = false
    /// Parts that are stored but not searched for words, tools and prompts yet; nil where none of that was asked for.
    public var lag: Int?

    /// Makes a page.
    public init(values: [[FacetValue]]) {
        self.values = values
    }
}
