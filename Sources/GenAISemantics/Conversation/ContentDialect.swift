// ContentDialect.swift - what a dialect declares about content.

import TraceModel

/// One way of writing content into attributes, as tables.
///
/// A dialect is one file in `Conversation/Dialects` and one line in `ContentDialect.all`. Keys are ASCII.
struct ContentDialect: Sendable {
    /// Where the input stands, best first.
    var input: [ContentPlace] = []
    /// Where the output stands, best first.
    var output: [ContentPlace] = []
    /// Which attribute gives which single field, best first.
    var names: [ConversationName] = []
    /// The attributes that are request parameters.
    var params: [ParamName] = []
}

/// Where one side of a conversation stands.
enum ContentPlace: Sendable {
    /// Messages in one attribute, in any shape; text is one message.
    case messages(StaticString)
    /// Messages of both directions in one list: what comes after the last one of the input side is the output.
    case history(StaticString)
    /// Messages, text or anything else in one attribute, by the kind of span.
    case value(StaticString)
    /// Attributes with an index and a path after a prefix.
    case indexed(StaticString)
    /// One message of the model from several attributes.
    case pieces([ContentPiece])
    /// Messages in the events of the span, or in log records that name it.
    case events
}

/// A piece of a message that has an attribute of its own.
struct ContentPiece: Sendable {
    enum Kind: Sendable {
        /// Text as it is.
        case text
        /// Text, or a list of texts in JSON.
        case texts
        /// An answer that is JSON.
        case json
        /// Thoughts: text, or parts in JSON.
        case reasoning
        /// Calls, or JSON of them.
        case toolCalls
    }

    let kind: Kind
    let key: StaticString

    init(_ kind: Kind, _ key: StaticString) {
        self.kind = kind
        self.key = key
    }
}

/// A field of the content that one attribute gives.
enum ContentField: Int, Sendable, CaseIterable {
    case systemInstructions
    case tools
    case toolName
    case toolCallID
    case toolArguments
    case toolResult
    case query
    case documents
    case embeddingInputs
    case finishReason
    case tags

    /// Its bit in a set of fields.
    var bit: UInt16 { 1 << UInt16(rawValue) }
}

/// An attribute, or a family with an index behind a prefix, that gives a field.
struct ConversationName: Sendable {
    let field: ContentField
    let key: StaticString
    let isIndexed: Bool

    init(_ field: ContentField, _ key: StaticString) {
        self.field = field
        self.key = key
        isIndexed = false
    }

    init(_ field: ContentField, indexed prefix: StaticString) {
        self.field = field
        key = prefix
        isIndexed = true
    }
}

/// An attribute, or a family with a name behind a prefix, that holds request parameters.
struct ParamName: Sendable {
    enum Form: Sendable {
        /// One parameter of the given name.
        case one(StaticString)
        /// A JSON object of them.
        case object
        /// The rest of the key is the name.
        case prefix
    }

    let key: StaticString
    let form: Form

    init(_ key: StaticString, _ form: Form) {
        self.key = key
        self.form = form
    }
}

extension ContentDialect {
    /// The names of each field, by its raw value, in the order of the dialects.
    static let namesByField = ContentField.allCases.map { field in
        all.flatMap(\.names).filter { $0.field == field }
    }

    /// The parameters of every dialect.
    static let allParams = all.flatMap(\.params)

    /// Every dialect, at most 32, in the order of the row `messages` of section 5 of the attribute dictionary.
    static let all: [ContentDialect] = [
        langfuse, genAI, openInference, openLLMetry, vercelAI, events, pydanticAI, sentry, genAIDeprecated, mlflow,
        langSmith, litellm, googleADK, genkit, haystack, liveKit, claudeCode, traceloop, openInferenceValues, general,
        tags,
    ]
}
