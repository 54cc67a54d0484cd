// SpanExtractor.swift - facts, calls, strings and roots of a batch, from its bytes.

import COTLP
public import GenAISemantics
import OTLPCodec
public import TraceModel

/// Decodes every span of a batch once and notes what the store and the assembly need to know of it.
public struct SpanExtractor: SpanExtraction {
    private let prices: CallPrices?
    private let conventions: AttributeConventions
    private let findsProperties: Bool
    /// Prompts of the batches before; shared with the copies that find properties.
    private let prompts: RecentPrompts

    /// Makes an extractor.
    ///
    /// - Parameters:
    ///   - prices: What calls cost; without them no cost is computed.
    ///   - conventions: Which attributes mean what.
    ///   - findsProperties: Whether it fills `findings`, which who only reads back does not need.
    public init(
        prices: CallPrices? = nil,
        conventions: AttributeConventions = .standard,
        findsProperties: Bool = false
    ) {
        self.init(prices, conventions, findsProperties: findsProperties, prompts: RecentPrompts())
    }

    private init(
        _ prices: CallPrices?,
        _ conventions: AttributeConventions,
        findsProperties: Bool,
        prompts: RecentPrompts
    ) {
        self.prices = prices
        self.conventions = conventions
        self.findsProperties = findsProperties
        self.prompts = prompts
    }

    /// The same, but filling `findings` too.
    public var findingProperties: SpanExtractor {
        SpanExtractor(prices, conventions, findsProperties: true, prompts: prompts)
    }

    /// Forgets the prompts of the batches before.
    public func rest() {
        prompts.removeAll()
    }

    /// Fills facts, calls, strings and the groups' roots, and findings when they are wanted.
    ///
    /// - Parameter batch: Its spans have passed the scanner.
    /// - Returns: The same batch with one entry of `facts` for each of its `spans`.
    /// - Throws: `OTLPCodecError` with code `invalid` when a span or a resource cannot be decoded, `overloaded` when
    ///   memory is short.
    public func extract(_ batch: SpanBatch) throws -> SpanBatch {
        var extracted = batch
        var work = try BatchExtraction(batch, conventions, sharing: findsProperties ? prompts : nil)
        try work.readSpans()
        extracted.facts = work.facts
        extracted.calls = work.calls
        prices?.fill(&extracted.calls) { work.startOfCall($0) }
        extracted.strings = work.strings.strings
        extracted.findings = work.findings
        for place in extracted.groups.indices {
            extracted.groups[place].roots = try work.roots(of: extracted.groups[place])
        }
        return extracted
    }
}

/// The extraction of one batch; has its own decoder, so that no two tasks share one.
struct BatchExtraction {
    private let batch: SpanBatch
    private let decoder: SpanDecoder
    private var finder: SpanFinder
    private let resources: [ResourceFacts]
    private(set) var facts: [SpanFacts] = []
    private(set) var calls: [LLMCall] = []
    private let findsProperties: Bool
    private var found = BatchFindings()
    /// The place of each call's span.
    private var spanOfCall: [Int32] = []
    private(set) var strings = StringTable()
    /// Of the scope of the span that is read.
    private var scopeFacts = ScopeFacts()
    /// Of each scope; nil until a span of it is read.
    private var knownScopes: [ScopeFacts?]
    /// Displays made in passing, by place: of the first span without parent of each trace, mostly its only one.
    private var displays: [Int: RootDisplay] = [:]
    /// The trace that the last of `displays` stands for.
    private var displayed: TraceID?

    /// Spans of more bytes are not looked through on arrival: their sender need not wait for it.
    private static let mostBytesRead = 64 << 10

    /// What the spans can be found by; nil when nobody wants to know.
    var findings: BatchFindings? { findsProperties ? found : nil }

    /// Reads the resources of a batch.
    ///
    /// - Parameters:
    ///   - batch: Its spans have passed the scanner.
    ///   - conventions: Which attributes mean what.
    ///   - prompts: Those of the batches before; nil when it is not wanted what spans can be found by.
    /// - Throws: `OTLPCodecError` when a resource cannot be decoded.
    init(
        _ batch: SpanBatch,
        _ conventions: AttributeConventions,
        sharing prompts: RecentPrompts?
    ) throws(OTLPCodecError) {
        self.batch = batch
        knownScopes = Array(repeating: nil, count: batch.scopes.count)
        finder = SpanFinder(conventions, sharing: prompts)
        decoder = try SpanDecoder()
        findsProperties = prompts != nil
        var resources: [ResourceFacts] = []
        resources.reserveCapacity(batch.resources.count)
        for envelope in batch.resources {
            let (reading, hashes) = try decoder.withResource(envelope) {
                (SpanSemantics.readResource($0, conventions), prompts == nil ? [] : SpanFinder.hashes(of: $0))
            }
            resources.append(ResourceFacts(reading, strings: &strings))
            found.resources.append(hashes.count > BatchFindings.mostResourceHashes ? nil : hashes)
        }
        self.resources = resources
    }

    /// Fills facts, calls and strings.
    mutating func readSpans() throws(OTLPCodecError) {
        facts.reserveCapacity(batch.spans.count)
        calls.reserveCapacity(min(batch.spans.count / 2, 512))
        if findsProperties {
            found.spans.reserveCapacity(batch.spans.count)
            found.hashes.reserveCapacity(min(batch.spans.count * 16, 16_384))
        }
        var scope = UInt32.max
        for slice in batch.spans {
            if slice.scope != scope {
                scope = slice.scope
                scopeFacts = try factsOfScope(Int(scope))
                finder.habits = scopeFacts.habits
            }
            try decoder.withSpan(batch.bytes(of: slice)) { note($0, slice) }
        }
    }

    private mutating func factsOfScope(_ scope: Int) throws(OTLPCodecError) -> ScopeFacts {
        guard batch.scopes.indices.contains(scope) else { return ScopeFacts() }
        if let known = knownScopes[scope] { return known }
        let facts = try decoder.scopeFacts(of: batch.scopes[scope])
        knownScopes[scope] = facts
        return facts
    }

    /// Displays of the spans that may stand for the trace of a group.
    mutating func roots(of group: TraceGroup) throws(OTLPCodecError) -> [RootDisplay] {
        var roots: [RootDisplay] = []
        for place in RootChoice.places(in: facts, group.spans) {
            if let display = displays.removeValue(forKey: place) {
                roots.append(display)
            } else {
                let fact = facts[place]
                roots.append(try decoder.withSpan(batch.bytes(of: batch.spans[place])) { RootDisplay($0, fact) })
            }
        }
        return roots
    }

    /// When the span of a call started.
    func startOfCall(_ call: Int) -> Int64 {
        facts[Int(spanOfCall[call])].start
    }

    private mutating func note(_ span: UnsafePointer<OTLPSpan>, _ slice: SpanSlice) {
        var fact = SpanFacts(span, slice: slice, fingerprint: fingerprint(of: slice))
        let notes = finder.readCall(span, appendingTo: &calls)
        let resource = Int(slice.resource)
        let inherited = resource < resources.count ? resources[resource] : ResourceFacts()
        fact.role = notes.role
        fact.marks.formUnion(notes.marks)
        fact.service = inherited.service
        fact.session = inherited.session
        fact.user = inherited.user
        if let session = notes.session { fact.session = strings.index(of: session) }
        if let user = notes.user { fact.user = strings.index(of: user) }
        if notes.hasCall {
            fact.call = Int32(calls.count - 1)
            fact.instrumentation = scopeFacts.instrumentation
            spanOfCall.append(Int32(facts.count))
        }
        if fact.isRoot, slice.traceID != displayed {
            displayed = slice.traceID
            displays[facts.count] = RootDisplay(span, fact)
        }
        facts.append(fact)
        if findsProperties { find(span, slice, notes) }
    }

    /// Notes what a span can be found by.
    private mutating func find(_ span: UnsafePointer<OTLPSpan>, _ slice: SpanSlice, _ notes: SpanNotes) {
        var entry = BatchFindings.Span(isRead: slice.length <= Self.mostBytesRead, end: 0, promptHash: nil, tool: -1)
        if entry.isRead {
            // The call itself stays where it is: a copy would count its strings.
            let last = notes.hasCall ? calls.count - 1 : -1
            let model = last < 0 ? nil : calls[last].requestModel ?? calls[last].responseModel
            let (promptHash, tool) = finder.readProperties(of: span, notes, model: model, into: &found.hashes)
            entry.promptHash = promptHash
            if let tool { entry.tool = strings.index(of: tool) }
        }
        entry.end = Int32(found.hashes.count)
        found.spans.append(entry)
    }

    /// The hash over a span's bytes, its resource and its scope.
    ///
    /// Stored: it never changes for the same bytes.
    private func fingerprint(of slice: SpanSlice) -> UInt64 {
        let bytes = batch.bytes(of: slice)
        let resource = Int(slice.resource)
        let scope = Int(slice.scope)
        var seed: UInt64 = 0
        if batch.resources.indices.contains(resource) { seed = batch.resources[resource].fingerprint }
        if batch.scopes.indices.contains(scope) {
            // Rotated, so that equal resource and scope hashes do not cancel each other.
            let hash = batch.scopes[scope].fingerprint
            seed ^= hash << 32 | hash >> 32
        }
        return cotlp_hash64(bytes.baseAddress, bytes.count, seed)
    }
}

/// What a resource gives to its spans, as indices into the batch's strings; -1 for nothing.
private struct ResourceFacts {
    var service: Int32 = -1
    var session: Int32 = -1
    var user: Int32 = -1

    init() {}

    init(_ reading: ResourceReading, strings: inout StringTable) {
        if let text = reading.service { service = strings.index(of: text) }
        if let text = reading.session { session = strings.index(of: text) }
        if let text = reading.user { user = strings.index(of: text) }
    }
}
