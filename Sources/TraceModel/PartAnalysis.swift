// PartAnalysis.swift - the step that looks stored spans through for what they can be found by.

/// What one span, or one log record, can be found by.
public struct SpanFindings: Sendable, Equatable {
    /// The span; of a log record the span that it names.
    public var spanID: SpanID
    /// What the span does.
    public var role = SpanRole.other
    /// Whether it has a call.
    public var hasCall = false
    /// Whether it is a preview, which loses against any other version of the span.
    public var isPreview = false
    /// Nanoseconds since the Unix epoch.
    public var start: Int64 = 0
    /// Nanoseconds since the Unix epoch, never before `start`.
    public var end: Int64 = 0
    /// The status the sender set.
    public var status = SpanStatus.unset
    /// The first eight bytes of the hash of the prompt; nil for a span that is no call, or shows no prompt.
    public var promptHash: Int64?
    /// The tool, of the span of a tool alone.
    public var toolName: String?
    /// Which of the part's texts are the span's: the name, messages, arguments, results, errors.
    public var texts = 0..<0

    /// Makes findings of a span that nothing is known of.
    public init(spanID: SpanID) {
        self.spanID = spanID
    }
}

/// What the spans of one part can be found by.
public struct PartFindings: Sendable, Equatable {
    /// One entry for each span, in the order of the part.
    public var spans: [SpanFindings] = []
    /// The `AttributeHash` of every property of the spans and their resources, in any order, with repetitions; without
    /// those of resources that have more than `BatchFindings.mostResourceHashes`.
    public var hashes: [UInt64] = []
    /// Whether `hashes` lacks those of a resource, so that the spans may be found by anything.
    public var mayHaveAnything = false
    /// What can be searched for, span by span.
    public var texts = TextList()

    /// Makes findings of no spans.
    public init() {}
}

/// What a part is looked through for.
public enum PartAspect: Sendable {
    /// Everything.
    case all
    /// Everything but texts.
    case properties
    /// Texts alone.
    case texts
}

/// Looks parts through, one after the other; keeps its memory between them.
///
/// Serves one thread at a time.
public protocol PartAnalyser {
    /// Looks a part through.
    ///
    /// - Parameters:
    ///   - batch: Spans or log records as they are stored.
    ///   - aspect: What is to be filled; with `texts` alone there are neither hashes, prompts nor tools.
    /// - Returns: What was found.
    /// - Throws: A `CollectorError`: `invalid` when a span cannot be decoded, `overloaded` when memory is short.
    mutating func analyse(_ batch: SpanBatch, for aspect: PartAspect) throws -> PartFindings

    /// Whether a span has a value of a property; what `AttributeHash` only makes likely.
    ///
    /// - Parameters:
    ///   - batch: Spans as they are stored.
    ///   - index: The place of the span in the batch.
    ///   - property: What is looked for.
    ///   - value: Its value as text, see `AttributeHash`.
    /// - Returns: Whether it is there.
    /// - Throws: A `CollectorError`: `invalid` when the span cannot be decoded, `overloaded` when memory is short.
    mutating func matches(
        _ batch: SpanBatch,
        at index: Int,
        _ property: SpanProperty,
        _ value: String
    ) throws -> Bool
}

/// Makes what looks parts through.
///
/// Safe to use from several tasks at once.
public protocol PartAnalysis: Sendable {
    /// Makes an analyser.
    ///
    /// - Throws: A `CollectorError`, `overloaded` when memory is short.
    func makeAnalyser() throws -> any PartAnalyser
}
