// BatchPieces.swift - a batch of very many spans, some of them at a time.

import TraceModel

/// Cuts a batch that is masked but not read yet into pieces, each of which can be read, compressed and stored by itself.
///
/// Spans that are read and compressed take far more memory than the bytes they came in when they are tiny: a request of 64 MiB
/// may be two million traces of one span. So only a piece of such a request is in that state at a time.
struct BatchPieces: Sequence, IteratorProtocol {
    /// Spans from which on a piece takes no further trace.
    static let manySpans = 16_384
    /// Spans of one trace in a piece at most: a trace in few pieces is read back from the store less often.
    static let mostOfTrace = 131_072
    /// Traces in a piece at most: each has a state, and rows of its own.
    static let mostTraces = 4_096
    /// Bytes of resources and scopes for which pieces are as large again: each piece reads those that it uses.
    private static let envelopeStep = 2 << 20

    private let batch: SpanBatch
    /// How many times larger than usual pieces are.
    private let scale: Int
    private var resources: EnvelopeChoice
    private var scopes: EnvelopeChoice
    /// The group that is next, and how many of its spans were given out.
    private var group = 0
    private var done = 0

    /// Starts at the first span.
    ///
    /// - Parameter batch: Its facts are not extracted.
    init(_ batch: SpanBatch) {
        self.batch = batch
        scale = 1 + batch.envelopeBytes / Self.envelopeStep
        resources = EnvelopeChoice(batch.resources)
        scopes = EnvelopeChoice(batch.scopes)
    }

    /// Whether a batch is more than one piece.
    static func isNeeded(for batch: SpanBatch) -> Bool {
        batch.spans.count > manySpans || batch.groups.count > mostTraces
    }

    /// The next piece, whose groups and spans stand in the order of the batch; nil after the last.
    mutating func next() -> SpanBatch? {
        guard group < batch.groups.count else { return nil }
        var piece = SpanBatch(storage: batch.storage, resources: [], scopes: [], spans: [], groups: [])
        piece.kind = batch.kind
        piece.rewritten = batch.rewritten
        while group < batch.groups.count, piece.groups.count < Self.mostTraces * scale,
            piece.spans.count < Self.manySpans * scale
        {
            let whole = batch.groups[group]
            let start = whole.spans.lowerBound + done
            let end = Swift.min(whole.spans.upperBound, start + Self.mostOfTrace)
            var part = whole
            part.spans = piece.spans.count..<piece.spans.count + (end - start)
            piece.groups.append(part)
            for slice in batch.spans[start..<end] {
                var slice = slice
                slice.resource = resources.number(of: slice.resource)
                slice.scope = scopes.number(of: slice.scope)
                piece.spans.append(slice)
            }
            done = end < whole.spans.upperBound ? end - whole.spans.lowerBound : 0
            if done == 0 { group += 1 }
        }
        piece.resources = resources.takeChosen()
        piece.scopes = scopes.takeChosen()
        return piece
    }
}

/// The resources or scopes that a piece uses, numbered as they come: another piece has no work with them.
private struct EnvelopeChoice {
    private let all: [SpanEnvelope]
    /// The number in this piece plus one; 0 for those that it does not use.
    private var numbers: [UInt32]
    private var chosen: [UInt32] = []

    init(_ all: [SpanEnvelope]) {
        self.all = all
        numbers = [UInt32](repeating: 0, count: all.count)
    }

    /// The number in this piece.
    mutating func number(of old: UInt32) -> UInt32 {
        if numbers[Int(old)] == 0 {
            chosen.append(old)
            numbers[Int(old)] = UInt32(chosen.count)
        }
        return numbers[Int(old)] - 1
    }

    /// Those of this piece, by number; the next begins anew.
    mutating func takeChosen() -> [SpanEnvelope] {
        defer { chosen.removeAll(keepingCapacity: true) }
        return chosen.map { old in
            numbers[Int(old)] = 0
            return all[Int(old)]
        }
    }
}

extension SpanBatch {
    /// Bytes of its resources and scopes.
    var envelopeBytes: Int {
        resources.reduce(0) { $0 + $1.bytes.count } + scopes.reduce(0) { $0 + $1.bytes.count }
    }
}
