// AttributeConventions.swift - which attributes mean what: the dialects, and what the user adds.

public import TraceModel

/// An attribute of the user's own that gives a field of calls or spans.
public struct AttributeMapping: Sendable, Equatable {
    /// What an attribute can give.
    public enum Field: String, Sendable, CaseIterable {
        /// What the span does; see `AttributeMapping.roles`.
        case kind
        /// The operation, such as `chat`.
        case operation
        /// The provider, by any of its names.
        case provider
        /// The model as asked for.
        case requestModel = "request_model"
        /// The model as answered.
        case responseModel = "response_model"
        /// All input tokens, cached ones included.
        case inputTokens = "input_tokens"
        /// All output tokens, reasoning included.
        case outputTokens = "output_tokens"
        /// Input tokens read from a cache.
        case cacheReadTokens = "cache_read_tokens"
        /// Input tokens written to a cache.
        case cacheWriteTokens = "cache_write_tokens"
        /// Output tokens spent on reasoning.
        case reasoningTokens = "reasoning_tokens"
        /// What the call cost, in USD.
        case cost = "cost_usd"
        /// The provider's id of the answer.
        case responseID = "response_id"
        /// The id of the request at the provider or gateway.
        case requestID = "request_id"
        /// Why the answer ended.
        case finishReasons = "finish_reasons"
        /// The time to the first token, in milliseconds.
        case timeToFirstToken = "ttft_ms"
        /// Whether the answer was streamed.
        case streaming
        /// The class of the error.
        case errorType = "error_type"
        /// The session or conversation.
        case session = "session_id"
        /// The user.
        case user = "user_id"
    }

    /// The name of the attribute.
    public var attribute: String
    /// What it gives.
    public var field: Field
    /// For `kind`: from the attribute's value, whatever its case, to what the span does.
    ///
    /// Empty for the names of the roles themselves, such as `llm`.
    public var roles: [String: SpanRole]

    /// Makes a mapping.
    public init(attribute: String, field: Field, roles: [String: SpanRole] = [:]) {
        self.attribute = attribute
        self.field = field
        self.roles = roles
    }
}

/// Which attributes mean what.
public struct AttributeConventions: Sendable {
    let index: DialectIndex

    /// The dialects that the product knows.
    public static let standard = AttributeConventions(index: .standard)

    private init(index: DialectIndex) {
        self.index = index
    }

    /// The dialects that the product knows, after attributes of the user's own.
    public init(mappings: [AttributeMapping]) {
        index = mappings.isEmpty ? .standard : DialectIndex([Dialect(mappings)] + Dialect.all)
    }
}

extension Dialect {
    /// The user's mappings as a dialect before all others.
    fileprivate init(_ mappings: [AttributeMapping]) {
        self.init(tier: .userSet)
        for mapping in mappings {
            if let field = mapping.field.canonical {
                names.append(FieldName(field.field, mapping.attribute, field.form))
            } else {
                let named = SpanRole.allCases.map { ($0.name, $0) }
                let roles = mapping.roles.isEmpty ? named : mapping.roles.map { ($0.key.lowercased(), $0.value) }
                kinds.append(KindName(mapping.attribute, roles: roles))
            }
        }
    }
}

extension AttributeMapping.Field {
    /// The field that it is read into; nil for the kind, whose values have a meaning each.
    fileprivate var canonical: (field: CanonicalField, form: FieldName.Form)? {
        switch self {
        case .kind: nil
        case .operation: (.operation, .plain)
        case .provider: (.provider, .plain)
        case .requestModel: (.requestModel, .plain)
        case .responseModel: (.responseModel, .plain)
        case .inputTokens: (.inputTokens, .plain)
        case .outputTokens: (.outputTokens, .plain)
        case .cacheReadTokens: (.cacheReadTokens, .plain)
        case .cacheWriteTokens: (.cacheWriteTokens, .plain)
        case .reasoningTokens: (.reasoningTokens, .plain)
        case .cost: (.cost, .plain)
        case .responseID: (.responseID, .plain)
        case .requestID: (.requestID, .plain)
        case .finishReasons: (.finishReasons, .plain)
        case .timeToFirstToken: (.timeToFirstToken, .milliseconds)
        case .streaming: (.streaming, .plain)
        case .errorType: (.errorType, .plain)
        case .session: (.session, .plain)
        case .user: (.user, .plain)
        }
    }
}
