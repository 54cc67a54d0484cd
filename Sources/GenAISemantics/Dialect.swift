// Dialect.swift - what a dialect declares.

import TraceModel

/// One way of writing LLM facts into attributes, as tables.
///
/// A dialect is one file in `Dialects` and one line in `Dialect.all`. Keys are ASCII.
struct Dialect: Sendable {
    /// The tier of its names, where they do not say otherwise.
    var tier: Tier
    /// Which attribute gives which field, best first.
    var names: [FieldName] = []
    /// The attributes that say what the span does, best first.
    var kinds: [KindName] = []
    /// The attributes that mark the span.
    var marks: [MarkName] = []
    /// The attributes that hold messages, instructions, tool definitions, arguments, results, documents or embeddings.
    var content: [ContentName] = []
    /// The attributes that hold JSON with usage, costs or settings, which may be long.
    var numbers: [StaticString] = []
}

/// An attribute that gives a field.
struct FieldName: Sendable {
    /// How the value is written, or when it counts.
    enum Form: Sendable {
        /// As the field expects it.
        case plain
        /// A time in seconds.
        case seconds
        /// A time in milliseconds.
        case milliseconds
        /// Only text counts: the name has another meaning when it holds a number.
        case textOnly
        /// A name so general that it counts only on spans whose role other attributes show.
        case onKnownRole
    }

    let field: CanonicalField
    let key: StaticString
    let tier: Tier?
    let form: Form

    init(_ field: CanonicalField, _ key: StaticString, tier: Tier? = nil, _ form: Form = .plain) {
        self.field = field
        self.key = key
        self.tier = tier
        self.form = form
    }
}

/// An attribute whose value names the role of the span.
struct KindName: Sendable {
    let key: StaticString
    /// From the value in lower case to the role; other values say nothing.
    let roles: KeyValuePairs<StaticString, SpanRole>

    init(_ key: StaticString, _ roles: KeyValuePairs<StaticString, SpanRole>) {
        self.key = key
        self.roles = roles
    }
}

/// An attribute that marks the span, by its presence or by certain values.
struct MarkName: Sendable {
    let key: StaticString
    let mark: SpanMarks
    /// The values that mark; empty when presence does.
    let values: [StaticString]

    init(_ mark: SpanMarks, _ key: StaticString, values: [StaticString] = []) {
        self.key = key
        self.mark = mark
        self.values = values
    }
}

extension Dialect {
    /// Every dialect, in the order that decides between names of the same tier.
    static let all: [Dialect] = [
        plainVendorNames, genAI, pydanticAI, openLLMetry, openInference, genAIDeprecated, generic, vercelAI, langfuse,
        mlflow, langSmith, liteLLM, sentry, claudeCode, openLIT, agentFrameworks,
    ]
}
