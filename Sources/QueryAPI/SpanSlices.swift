// SpanSlices.swift - the spans of an answer, read a bounded slice at a time.

import OTLPCodec
import TraceModel
import TraceStore

/// Reads the bytes of spans in slices, so that an answer of any size takes bounded memory.
struct SpanSlices: Sendable {
    /// A span of the answer, and its bytes unless they are gone meanwhile.
    struct Entry: Sendable {
        var outline: SpanOutline
        var stored: StoredSpan?
        /// Encoded log records that carry content of the span.
        var records: [[UInt8]] = []
    }

    /// Most encoded bytes in a slice that has more than one span.
    static let mostBytes = 1 << 20
    /// Most spans in a slice.
    static let mostSpans = 2048

    /// Most bytes of the spans of a trace that are read at once with their places.
    static let mostKeptBytes = 2 << 20

    /// What is read, in this order.
    let outlines: [SpanOutline]
    /// Finds the bytes of a span; nil when they are read slice by slice.
    private let stored: (@Sendable (SpanOutline) -> StoredSpan?)?
    private let reader: BoundedReader
    private let number: Int64
    /// Whether log records with content are read; not any more once it is known that the trace has none.
    private var readsRecords: Bool
    private var at = 0
    private var first: [Entry]?

    /// Reads the first slice, so that a store that cannot answer is noticed before the answer begins.
    ///
    /// Log records with content are read where everything is shown.
    init(
        of outlines: [SpanOutline],
        in trace: OpenedTrace,
        reader: BoundedReader,
        showing detail: SpanDetail
    ) async throws {
        readsRecords = detail == .full && trace.mayHaveRecords
        stored = trace.stored
        self.outlines = outlines
        number = trace.number
        self.reader = reader
        first = try await read()
    }

    /// The next slice; nil at the end.
    mutating func next() async throws -> [Entry]? {
        if let slice = first {
            first = nil
            return slice
        }
        return try await read()
    }

    private mutating func read() async throws -> [Entry]? {
        guard at < outlines.count else { return nil }
        var slice = outlines[at..<end()]
        let records = try await records(for: &slice)
        at = slice.endIndex
        if let stored {
            return slice.map { outline in
                Entry(outline: outline, stored: stored(outline), records: records[outline.spanID] ?? [])
            }
        }
        let spans = try await reader.spans(slice, of: number)
        var found = spans[...]
        return slice.map { outline in
            let isThere = found.first?.outline.spanID == outline.spanID
            let stored = isThere ? found.popFirst() : nil
            return Entry(outline: outline, stored: stored, records: records[outline.spanID] ?? [])
        }
    }

    /// The log records of a slice, which becomes shorter when there are many.
    private mutating func records(for slice: inout ArraySlice<SpanOutline>) async throws -> [SpanID: [[UInt8]]] {
        guard readsRecords else { return [:] }
        guard let found = try await reader.records(of: slice, in: number, maxBytes: Self.mostBytes) else {
            readsRecords = false
            return [:]
        }
        slice = slice.prefix(found.covered)
        return found.records
    }

    private func end() -> Int {
        var bytes = 0
        var end = at
        while end < outlines.count, end - at < Self.mostSpans {
            bytes += outlines[end].length
            if bytes > Self.mostBytes, end > at { break }
            end += 1
        }
        return end
    }
}

extension SpanOutline {
    /// What the query form shows beyond the span's bytes.
    var place: SpanPlace {
        SpanPlace(
            spanID: spanID,
            parentID: parentID,
            hasParent: hasParent,
            start: start,
            end: end,
            marks: marks,
            call: call.map(SpanPlace.Call.init)
        )
    }
}

extension SpanPlace.Call {
    fileprivate init(_ stored: StoredCall) {
        self.init(record: stored.call, scope: stored.scope, rule: stored.rule)
        concerned = stored.concerned
        isConcernedCut = stored.isConcernedCut
        session = stored.session
        user = stored.user
        costCharged = stored.costCharged
        elsewhere = stored.elsewhere
    }
}
