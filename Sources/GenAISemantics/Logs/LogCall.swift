// LogCall.swift - what a log record says of a call.

/// What a log record says of a call, as far as the attributes that it goes with do not say it in names that every span
/// may have.
public struct LogCall: Sendable, Equatable {
    /// A fact under its canonical name.
    public enum Value: Sendable, Equatable {
        /// A name or an identifier.
        case text(String)
        /// A count of tokens.
        case count(Int64)
    }

    /// The name of the event, such as `claude_code.api_request`.
    public var event: String
    /// Why the call failed, at most 256 bytes and maybe empty; nil when it did not fail.
    public var failure: String?
    /// The session, never empty, at most 256 bytes; nil when the record names none.
    public var session: String?
    /// What the call alone has: the id of the request or of the response, never empty, at most 256 bytes.
    public var identity: String?
    /// Nanoseconds that the call took, never negative; nil when unknown.
    public var duration: Int64?
    /// Facts by their names in `gen_ai.*`; input and output tokens are totals that include their parts.
    public var facts: [(name: String, value: Value)] = []

    /// Makes a call of which only its event is known.
    public init(event: String) {
        self.event = event
    }

    /// Whether two calls say the same.
    public static func == (left: LogCall, right: LogCall) -> Bool {
        left.event == right.event && left.failure == right.failure && left.session == right.session
            && left.identity == right.identity && left.duration == right.duration
            && left.facts.elementsEqual(right.facts) { $0 == $1 }
    }
}
