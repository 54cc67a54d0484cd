// SpanBatch.swift - the ingest form of spans.

/// Owns the bytes that a batch refers to, and frees them with the last reference.
///
/// Opaque, so that this target needs to know nothing of arenas and C.
public final class BatchStorage: Sendable {
    /// The bytes of one request: an OTLP `ExportTraceServiceRequest`.
    ///
    /// Safe to share: written before the object is made, never after, and freed only in `deinit`.
    public nonisolated(unsafe) let bytes: UnsafeRawBufferPointer
    private let release: @Sendable () -> Void

    /// Takes over `bytes`.
    ///
    /// - Parameters:
    ///   - bytes: Must stay valid and unchanged until `release` is called.
    ///   - release: Called once, when nothing refers to the bytes any more.
    public init(bytes: UnsafeRawBufferPointer, release: @escaping @Sendable () -> Void) {
        self.bytes = bytes
        self.release = release
    }

    /// Takes over a block of `BodyMemory`.
    ///
    /// - Parameters:
    ///   - block: As it was allocated.
    ///   - count: How many bytes from its start on were written.
    public convenience init(_ block: UnsafeMutableRawBufferPointer, count: Int) {
        let address = UInt(bitPattern: block.baseAddress)
        let size = block.count
        self.init(bytes: UnsafeRawBufferPointer(rebasing: block[..<count])) {
            let start = UnsafeMutableRawPointer(bitPattern: address)
            BodyMemory.shared.free(UnsafeMutableRawBufferPointer(start: start, count: size))
        }
    }

    /// Takes over a block of `BodyMemory` that is mostly empty; what was written is moved to a smaller one.
    ///
    /// Where there is no memory for that, the block stays.
    ///
    /// - Parameters:
    ///   - block: As it was allocated.
    ///   - count: How many bytes from its start on were written.
    public convenience init(shrinking block: UnsafeMutableRawBufferPointer, count: Int) {
        let smaller = BodyMemory.shared.allocate(count)
        if let smaller {
            smaller.copyMemory(from: UnsafeRawBufferPointer(rebasing: block[..<count]))
            BodyMemory.shared.free(block)
        }
        self.init(smaller ?? block, count: count)
    }

    /// Copies an array of bytes.
    public convenience init(copying source: some Collection<UInt8>) {
        let size = source.count
        guard let copy = BodyMemory.shared.allocate(size) else { fatalError("no memory for \(size) bytes") }
        copy.copyBytes(from: source)
        self.init(copy, count: source.count)
    }

    deinit {
        release()
    }
}

/// A resource or a scope of a request, without the spans below it.
public struct SpanEnvelope: Sendable {
    /// A `ResourceSpans` message without its `scope_spans`, or a `ScopeSpans` message without its `spans`.
    public var bytes: [UInt8]
    /// 64-bit hash of `bytes`.
    public var fingerprint: UInt64

    /// Makes an envelope.
    public init(bytes: [UInt8], fingerprint: UInt64) {
        self.bytes = bytes
        self.fingerprint = fingerprint
    }
}

/// Where one span of a batch stands.
public struct SpanSlice: Sendable {
    /// Offset of the encoded `Span` message in the batch's bytes; from the end of `storage` on it counts in `rewritten`.
    public var offset: UInt32
    /// Length of the encoded message in bytes.
    public var length: UInt32
    /// Index into the batch's `resources`.
    public var resource: UInt32
    /// Index into the batch's `scopes`.
    public var scope: UInt32
    /// The trace.
    public var traceID: TraceID
    /// The span.
    public var spanID: SpanID

    /// Makes a slice.
    @inlinable
    public init(
        offset: UInt32,
        length: UInt32,
        resource: UInt32,
        scope: UInt32,
        traceID: TraceID,
        spanID: SpanID
    ) {
        self.offset = offset
        self.length = length
        self.resource = resource
        self.scope = scope
        self.traceID = traceID
        self.spanID = spanID
    }
}

/// How a span is shown where it stands for its whole trace.
public struct RootDisplay: Sendable, Equatable {
    /// The span.
    public var spanID: SpanID
    /// The version of the span.
    public var fingerprint: UInt64
    /// The span's name.
    public var name: String
    /// The span's attributes as one JSON object; values over 256 B are cut.
    public var attributes: [UInt8]
    /// The keys whose values were cut.
    public var truncated: [String]

    /// Makes a display.
    public init(spanID: SpanID, fingerprint: UInt64, name: String, attributes: [UInt8], truncated: [String]) {
        self.spanID = spanID
        self.fingerprint = fingerprint
        self.name = name
        self.attributes = attributes
        self.truncated = truncated
    }
}

/// The spans of one trace in a batch.
public struct TraceGroup: Sendable {
    /// The project that the spans belong to.
    public var project: String
    /// The trace.
    public var traceID: TraceID
    /// Which of the batch's `spans` and `facts`.
    public var spans: Range<Int>
    /// Displays of the spans that may stand for the trace: each without parent, and the earliest.
    ///
    /// Filled by extraction.
    public var roots: [RootDisplay] = []

    /// Makes a group.
    public init(project: String, traceID: TraceID, spans: Range<Int>) {
        self.project = project
        self.traceID = traceID
        self.spans = spans
    }
}

/// Spans that were refused one by one, for the partial success of the answer.
public struct RejectedSpans: Sendable, Equatable {
    /// How many.
    public var count: Int
    /// Why, in words for a developer; empty when `count` is 0.
    public var message: String

    /// Makes a count with its reason.
    public init(count: Int = 0, message: String = "") {
        self.count = count
        self.message = message
    }

    /// Nothing refused.
    public static let none = RejectedSpans()

    /// The sum of the counts, with the reasons of both, the same one once.
    public static func + (left: RejectedSpans, right: RejectedSpans) -> RejectedSpans {
        let isKnown = left.message.contains(right.message)
        let reasons = [left.message, isKnown ? "" : right.message].filter { !$0.isEmpty }
        return RejectedSpans(count: left.count + right.count, message: reasons.joined(separator: "; "))
    }
}

/// What the slices of a batch are.
public enum BatchKind: Sendable {
    /// Encoded `Span` messages.
    case spans
    /// Encoded `LogRecord` messages, which are kept beside the spans that they name.
    case logRecords
}

/// The spans of one request, on their way to the store: slices of the bytes received, grouped by trace.
///
/// Immutable once handed on; owns its memory through `storage`. Log records take the same way: their slices stand where
/// those of spans do, and nothing is extracted from them.
public struct SpanBatch: Sendable {
    /// What `spans` are.
    public var kind = BatchKind.spans
    /// The bytes that `spans` refers to: the request as received.
    public let storage: BatchStorage
    /// Spans that masking encoded anew; their offsets go on where `storage` ends.
    public var rewritten: BatchStorage?
    /// The resources of the request that have spans.
    public var resources: [SpanEnvelope]
    /// The scopes of the request that have spans.
    public var scopes: [SpanEnvelope]
    /// The spans, those of one group together, each group in the order of arrival.
    public var spans: [SpanSlice]
    /// One entry for each trace and project.
    public var groups: [TraceGroup]
    /// What is known of each of `spans`; empty until extraction.
    public var facts: [SpanFacts] = []
    /// The calls that `facts` refers to.
    public var calls: [LLMCall] = []
    /// The strings that `facts` refers to.
    public var strings: [String] = []
    /// What `spans` can be found by; nil leaves that to whoever looks stored parts through.
    public var findings: BatchFindings?

    /// Makes a batch whose facts are not extracted yet.
    public init(
        storage: BatchStorage,
        resources: [SpanEnvelope],
        scopes: [SpanEnvelope],
        spans: [SpanSlice],
        groups: [TraceGroup]
    ) {
        self.storage = storage
        self.resources = resources
        self.scopes = scopes
        self.spans = spans
        self.groups = groups
    }

    /// The encoded `Span` message of a slice; valid while the batch lives.
    @inlinable
    public func bytes(of slice: SpanSlice) -> UnsafeRawBufferPointer {
        let start = Int(slice.offset)
        if start >= storage.bytes.count, let rewritten {
            let place = start - storage.bytes.count
            return UnsafeRawBufferPointer(rebasing: rewritten.bytes[place..<place + Int(slice.length)])
        }
        return UnsafeRawBufferPointer(rebasing: storage.bytes[start..<start + Int(slice.length)])
    }
}
