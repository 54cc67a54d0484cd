// SpanReading.swift - what the attributes of a span or a resource say.

public import TraceModel

/// What a span's attributes say about LLM work.
public struct SpanReading: Sendable, Equatable {
    /// What the span does.
    public var role: SpanRole
    /// The marks that attributes give: `aggregateByName`, `pending`, `stringIndexIgnored`.
    public var marks: SpanMarks
    /// The call; nil for a span that is no provider call and carries neither usage nor cost.
    public var call: LLMCall?
    /// The session, never empty, at most 256 bytes; nil when the span names none.
    public var session: String?
    /// The user, never empty, at most 256 bytes; nil when the span names none.
    public var user: String?

    /// Makes a reading.
    public init(
        role: SpanRole = .other,
        marks: SpanMarks = [],
        call: LLMCall? = nil,
        session: String? = nil,
        user: String? = nil
    ) {
        self.role = role
        self.marks = marks
        self.call = call
        self.session = session
        self.user = user
    }
}

/// What a span's attributes say beside its call.
public struct SpanNotes: Sendable, Equatable {
    /// What the span does.
    public var role: SpanRole = .other
    /// The marks that attributes give: `aggregateByName`, `pending`, `stringIndexIgnored`.
    public var marks: SpanMarks = []
    /// Whether the span has a call.
    public var hasCall = false
    /// The session, never empty, at most 256 bytes; nil when the span names none.
    public var session: String?
    /// The user, never empty, at most 256 bytes; nil when the span names none.
    public var user: String?

    /// Makes notes of a span that says nothing.
    public init() {}
}

/// What a resource's attributes say about the spans below it.
public struct ResourceReading: Sendable, Equatable {
    /// `service.name`, never empty, at most 256 bytes; nil when the resource has none.
    public var service: String?
    /// The session of spans that name none; at most 256 bytes.
    public var session: String?
    /// The user of spans that name none; at most 256 bytes.
    public var user: String?

    /// Makes a reading of a resource that says nothing.
    public init() {}
}
