// SpanCursor.swift - goes over the spans that a query wants.

import TraceModel
import TraceStore

/// Goes over spans, trace by trace; a query has one for each use of the table.
///
/// Lives within one statement, which sees the file as of one moment, so that nothing it keeps can be out of date.
final class SpanCursor {
    private let source: SpanSource
    private var walk: TraceWalk?
    private var spans: TraceSpans?
    private var version: Int?
    private var wanted: SpanID?
    private var values: SpanValues

    init(_ source: SpanSource) {
        self.source = source
        values = SpanValues(source)
    }

    /// Whether there is no span any more.
    var isAtEnd: Bool { version == nil }

    /// Different for each span of the file: the number of its trace, and its place in it.
    var rowID: Int64 {
        (spans?.trace.number ?? 0) << 24 | Int64(version ?? 0)
    }

    /// Goes to the first span of a search.
    func start(_ search: SpanSearch) throws(StoreError) {
        values.leave()
        version = nil
        wanted = search.spanID
        walk = try TraceWalk(search, in: source)
        try nextTrace()
    }

    /// Goes to the next span.
    func advance() throws(StoreError) {
        values.leave()
        guard let last = version else { return }
        version = try spans?.next(from: last + 1, wanted: wanted, in: source)
        if version == nil { try nextTrace() }
    }

    /// A value of the span.
    func value(_ column: SpanColumn) throws(StoreError) -> SQLValue {
        guard let version, let spans else { return .null }
        return try values.value(column, of: version, in: spans)
    }

    private func nextTrace() throws(StoreError) {
        while version == nil {
            guard let trace = try walk?.next() else { return walk = nil }
            // A join asks for one span of a trace after the other.
            if spans?.trace.number != trace.number { spans = try TraceSpans(of: trace, in: source) }
            version = try spans?.next(from: 0, wanted: wanted, in: source)
        }
    }
}
