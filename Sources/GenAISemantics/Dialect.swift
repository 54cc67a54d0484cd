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
    /// The names of spans that say what they do, where no attribute does.
    var spanNames: KeyValuePairs<StaticString, SpanRole> = [:]
    /// The ends of names of spans that only prepare a call, whatever kind they state.
    var preparations: [String] = []
    /// The attributes that hold an object with fields inside.
    var objects: [ObjectName] = []
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
        /// A count of input tokens that leaves cached ones out; general as well.
        case cachedApart
        /// A name with a part behind a dot that says which API, such as `openai.chat`.
        case beforeDot
    }

    let field: CanonicalField
    let key: String
    let tier: Tier?
    let form: Form

    init(_ field: CanonicalField, _ key: String, tier: Tier? = nil, _ form: Form = .plain) {
        self.field = field
        self.key = key
        self.tier = tier
        self.form = form
    }
}

/// An attribute whose value names the role of the span.
struct KindName: Sendable {
    let key: String
    /// From the value in lower case to the role; other values say nothing.
    ///
    /// A value may begin with `*`, for any beginning; an empty one stands for every value that no other does.
    let roles: [(value: String, role: SpanRole)]

    init(_ key: String, _ roles: KeyValuePairs<String, SpanRole>) {
        self.init(key, roles: roles.map { ($0.key, $0.value) })
    }

    init(_ key: String, roles: [(value: String, role: SpanRole)]) {
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

/// An attribute whose value is an object, as JSON text or nested, with fields inside.
struct ObjectName: Sendable {
    /// When its fields count.
    enum Standing: Sendable {
        /// Before those of attributes.
        case first
        /// Where no attribute gives them.
        case last
        /// Where no attribute gives them and the span is a call: content, which wrappers repeat.
        case lastOnCalls
    }

    /// A field inside, and the path of member names to it; `*` is the first element of a list that has the rest.
    struct Member: Sendable {
        let field: CanonicalField
        let path: [String]

        init(_ field: CanonicalField, _ path: String...) {
            self.init(field, path: path)
        }

        init(_ field: CanonicalField, path: [String]) {
            self.field = field
            self.path = path
        }
    }

    /// What an amount of money is made of.
    enum Cost: Sendable {
        /// One member.
        case member(String)
        /// `total`, or the sum of all members without it.
        case totalOrParts
    }

    let key: StaticString
    let standing: Standing
    /// The path to an object with token counts, of any shape that is known; nil when there is none.
    var usage: [String]?
    /// How the object gives a cost; nil when it does not.
    var cost: Cost?
    /// Single counts inside, for usage whose totals stand elsewhere.
    var counts: [Member] = []
    /// Texts inside.
    var texts: [Member] = []
    /// Whether it is an answer of a provider or holds one, of which the facts are read (`AnswerFacts`) and nothing else.
    var isAnswer = false

    init(
        _ key: StaticString,
        _ standing: Standing,
        usage: [String]? = nil,
        cost: Cost? = nil,
        counts: [Member] = [],
        texts: [Member] = [],
        isAnswer: Bool = false
    ) {
        self.key = key
        self.standing = standing
        self.usage = usage
        self.cost = cost
        self.counts = counts
        self.texts = texts
        self.isAnswer = isAnswer
    }
}

extension Dialect {
    /// Every dialect, in the order that decides between names of the same tier.
    static let all: [Dialect] = [
        langfuse, plainVendorNames, genAI, openInference, vercelAI, pydanticAI, openLLMetry, liteLLM, mlflow, langSmith,
        sentry, openLIT, genkit, haystack, googleADK, liveKit, agentFrameworks, claudeCode, codingAgents,
        genAIDeprecated, generic, labels,
    ]
}
