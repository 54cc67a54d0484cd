// SpanVersion.swift - several versions of one span, of which one wins.

public import TraceModel

/// Identifies a stored version of a span, so that its bytes can be found again.
public struct SpanVersion: Sendable, Hashable {
    /// The span.
    public var spanID: SpanID
    /// 64-bit hash over the span's bytes, its resource and its scope.
    public var fingerprint: UInt64
    /// Bytes of the encoded span.
    public var length: UInt32
    /// The number of the part that holds it.
    public var part: UInt32

    /// Makes an identification.
    public init(spanID: SpanID, fingerprint: UInt64, length: UInt32, part: UInt32) {
        self.spanID = spanID
        self.fingerprint = fingerprint
        self.length = length
        self.part = part
    }
}

/// What became of an inserted version.
public enum InsertOutcome: Sendable, Equatable {
    /// The span was not known.
    case added
    /// The same version was inserted before; nothing changed.
    case duplicate
    /// It wins against the version known so far.
    case superseding
    /// It loses against the version known so far, which stays.
    case superseded
}

/// A version that lost, remembered so that its repetition counts as a duplicate.
struct LostVersion: Hashable {
    var spanID: SpanID
    var fingerprint: UInt64
}

extension Node {
    /// Whether an incoming version wins: a pending one never against a finished one, one made of a log record never
    /// against a real one, then the greater end, then the longer encoding, then the greater bytes.
    func loses(to facts: SpanFacts, tieBreak: (_ stored: SpanVersion) -> Bool) -> Bool {
        let isPending = marks.contains(.pending)
        guard isPending == facts.marks.contains(.pending) else { return isPending }
        let isSynthesized = marks.contains(.synthesized)
        guard isSynthesized == facts.marks.contains(.synthesized) else { return isSynthesized }
        guard end == facts.end else { return end < facts.end }
        guard length == facts.length else { return length < facts.length }
        return tieBreak(version)
    }
}
