// SpanFacts.swift - what the ingest path knows of one span.

/// The status a sender gave a span (OTLP 1.x, `Status.code`).
public enum SpanStatus: UInt8, Sendable {
    /// Not set.
    case unset = 0
    /// Explicitly fine.
    case ok = 1
    /// Failed.
    case error = 2
}

/// What is odd or particular about a span.
///
/// The raw value is stored as part of a trace's warnings; bits are never reused.
public struct SpanMarks: OptionSet, Sendable, Hashable {
    /// The bits.
    public let rawValue: UInt16

    /// Makes marks from bits.
    public init(rawValue: UInt16) {
        self.rawValue = rawValue
    }

    /// A pending span: a preview that loses against any finished version of the span.
    public static let pending = SpanMarks(rawValue: 1 << 0)
    /// The dialect itself names the span's usage a sum over its descendants.
    public static let aggregateByName = SpanMarks(rawValue: 1 << 1)
    /// The start time is 0, so it does not enter the trace's start.
    public static let startMissing = SpanMarks(rawValue: 1 << 2)
    /// The end is before the start (or missing): the duration counts as 0.
    public static let endBeforeStart = SpanMarks(rawValue: 1 << 3)
    /// A time above 2^63-1 was clamped.
    public static let timeClamped = SpanMarks(rawValue: 1 << 4)
    /// The parent id has a wrong length: the parent counts as missing.
    public static let parentInvalid = SpanMarks(rawValue: 1 << 5)
    /// A key or value refers to the string table of profiles and counts as absent.
    public static let stringIndexIgnored = SpanMarks(rawValue: 1 << 6)
    /// The parent would close a cycle, or is the span itself: it counts as missing.
    ///
    /// Set by the assembly.
    public static let parentCyclic = SpanMarks(rawValue: 1 << 7)
    /// More input tokens from or into a cache than input tokens, by a convention that includes them.
    public static let cacheAboveInput = SpanMarks(rawValue: 1 << 8)
    /// The total of all tokens is not what input and output come to.
    public static let totalMismatch = SpanMarks(rawValue: 1 << 9)
    /// A counted call whose reported cost is more than 5 % off the computed one.
    ///
    /// Set by the assembly.
    public static let costDiffers = SpanMarks(rawValue: 1 << 10)
    /// A counted call of a model that did not fail, and of which neither tokens nor cost are known.
    ///
    /// Set by the assembly.
    public static let usageMissing = SpanMarks(rawValue: 1 << 11)
    /// The span was made of a log record: it loses against a real one that shows the same call.
    public static let synthesized = SpanMarks(rawValue: 1 << 12)
}

/// What the ingest path knows of one span: the input of the assembly.
///
/// Fixed size, no references.
public struct SpanFacts: Sendable, Equatable {
    /// The span; never none.
    public var spanID: SpanID
    /// The parent; none for a root, and none with the mark `parentInvalid` for a parent id of a wrong length.
    public var parentID: SpanID
    /// Nanoseconds since the Unix epoch, 0 to 2^63-1.
    public var start: Int64
    /// Nanoseconds since the Unix epoch, never before `start`.
    public var end: Int64
    /// 64-bit hash over the span's bytes, its resource and its scope.
    public var fingerprint: UInt64
    /// Bytes of the encoded span.
    public var length: UInt32
    /// What the span does.
    public var role: SpanRole
    /// The status the sender set.
    public var status: SpanStatus
    /// What is odd about it.
    public var marks: SpanMarks
    /// Index into the batch's `calls`; -1 when the span carries none.
    public var call: Int32
    /// Index into the batch's `strings` of the session; -1 when the span names none.
    public var session: Int32
    /// Index into the batch's `strings` of the user; -1 when the span names none.
    public var user: Int32
    /// Index into the batch's `strings` of the service; -1 when its resource names none.
    public var service: Int32
    /// Hash of the name of the scope, which tells instrumentations apart; 0 when it has no name.
    public var instrumentation: UInt32

    /// Makes facts of a span without call, session, user and service.
    public init(
        spanID: SpanID,
        parentID: SpanID,
        start: Int64,
        end: Int64,
        fingerprint: UInt64,
        length: UInt32,
        role: SpanRole = .other,
        status: SpanStatus = .unset,
        marks: SpanMarks = []
    ) {
        self.spanID = spanID
        self.parentID = parentID
        self.start = start
        self.end = end
        self.fingerprint = fingerprint
        self.length = length
        self.role = role
        self.status = status
        self.marks = marks
        call = -1
        session = -1
        user = -1
        service = -1
        instrumentation = 0
    }

    /// Whether the sender gave the span no parent.
    @inlinable public var isRoot: Bool { parentID.isNone && !marks.contains(.parentInvalid) }
}
