// SpanAnalysis.swift - looks stored parts through with the knowledge of the dialects.

import COTLP
public import GenAISemantics
import OTLPCodec
public import TraceModel

/// Looks parts through for what their spans can be found by.
public struct SpanAnalysis: PartAnalysis {
    private let conventions: AttributeConventions

    /// Makes an analysis.
    ///
    /// - Parameter conventions: Which attributes mean what; those that spans are extracted with.
    public init(conventions: AttributeConventions = .standard) {
        self.conventions = conventions
    }

    /// See `PartAnalysis`.
    public func makeAnalyser() throws -> any PartAnalyser {
        try SpanAnalyser(conventions)
    }
}

/// Looks parts through with a decoder of its own.
struct SpanAnalyser: PartAnalyser {
    private let decoder: SpanDecoder
    private var finder: SpanFinder
    /// The scope of the span that was read last.
    private var scope: (bytes: [UInt8], habits: ScopeHabits) = ([], [])
    private var resources = KnownResources()

    init(_ conventions: AttributeConventions) throws(OTLPCodecError) {
        decoder = try SpanDecoder()
        finder = SpanFinder(conventions)
    }

    mutating func analyse(_ batch: SpanBatch, for aspect: PartAspect) throws -> PartFindings {
        switch batch.kind {
        case .spans: try spans(of: batch, for: aspect)
        case .logRecords: aspect == .properties ? PartFindings() : records(of: batch)
        }
    }

    mutating func matches(
        _ batch: SpanBatch,
        at index: Int,
        _ property: SpanProperty,
        _ value: String
    ) throws -> Bool {
        let slice = batch.spans[index]
        try take(batch, slice)
        if case .attribute(let key) = property, try isInResource(batch, slice, key, value) { return true }
        return try decoder.withSpan(batch.bytes(of: slice)) { finder.matches($0, property, value) }
    }

    private mutating func spans(of batch: SpanBatch, for aspect: PartAspect) throws -> PartFindings {
        var findings = PartFindings()
        findings.spans.reserveCapacity(batch.spans.count)
        for resource in batch.resources where aspect != .texts {
            if let hashes = try resources.hashes(of: resource, decoder) {
                findings.hashes += hashes
            } else {
                findings.mayHaveAnything = true
            }
        }
        for slice in batch.spans {
            var found = SpanFindings(spanID: slice.spanID)
            try take(batch, slice)
            try decoder.withSpan(batch.bytes(of: slice)) { span in
                let first = findings.texts.count
                if aspect == .texts {
                    finder.readTexts(of: span, into: &findings.texts)
                } else {
                    let facts = SpanFacts(span, slice: slice, fingerprint: 0)
                    found.start = facts.start
                    found.end = facts.end
                    found.status = facts.status
                    finder.read(span, wantsTexts: aspect == .all, into: &found, &findings)
                }
                found.texts = first..<findings.texts.count
            }
            findings.spans.append(found)
        }
        return findings
    }

    /// The records of one span are one message each: they are read together.
    private func records(of batch: SpanBatch) -> PartFindings {
        var findings = PartFindings()
        for slice in batch.spans {
            var found = SpanFindings(spanID: slice.spanID)
            let first = findings.texts.count
            decoder.withLogRecords([batch.bytes(of: slice)]) { records in
                SpanFinder.readTexts(of: records.compactMap { ContentRecord($0.record) }, into: &findings.texts)
            }
            found.texts = first..<findings.texts.count
            findings.spans.append(found)
        }
        return findings
    }

    /// Lets the finder know whose span it reads next.
    private mutating func take(_ batch: SpanBatch, _ slice: SpanSlice) throws {
        guard batch.scopes.indices.contains(Int(slice.scope)) else { return finder.habits = [] }
        let envelope = batch.scopes[Int(slice.scope)]
        if envelope.bytes != scope.bytes { scope = (envelope.bytes, try decoder.scopeFacts(of: envelope).habits) }
        finder.habits = scope.habits
    }

    private func isInResource(
        _ batch: SpanBatch,
        _ slice: SpanSlice,
        _ key: String,
        _ value: String
    ) throws -> Bool {
        guard batch.resources.indices.contains(Int(slice.resource)) else { return false }
        return try decoder.withResource(batch.resources[Int(slice.resource)]) {
            SpanFinder.matches($0, key: key, value)
        }
    }
}

/// The hashes of resources that were read lately, which most parts share.
struct KnownResources {
    /// By the bytes of the resource.
    private var known: [[UInt8]: Entry] = [:]
    /// What the entries take, in bytes.
    private(set) var bytes = 0
    private static let most = 256
    /// Bytes that the entries take at most together; a larger one is not kept.
    static let mostBytes = 4 << 20

    private struct Entry {
        /// Nil for a resource that has too many.
        var hashes: [UInt64]?
    }

    /// The hashes of a resource; nil when there are more than `BatchFindings.mostResourceHashes`.
    mutating func hashes(of envelope: SpanEnvelope, _ decoder: SpanDecoder) throws(OTLPCodecError) -> [UInt64]? {
        if let hit = known[envelope.bytes] { return hit.hashes }
        let all = try decoder.withResource(envelope) { SpanFinder.hashes(of: $0) }
        let hashes = all.count > BatchFindings.mostResourceHashes ? nil : all
        keep(Entry(hashes: hashes), of: envelope.bytes)
        return hashes
    }

    private mutating func keep(_ entry: Entry, of resource: [UInt8]) {
        let size = resource.count + 8 * (entry.hashes?.count ?? 0) + 128
        guard size <= Self.mostBytes else { return }
        if known.count >= Self.most || bytes + size > Self.mostBytes {
            known.removeAll()
            bytes = 0
        }
        known[resource] = entry
        bytes += size
    }
}
