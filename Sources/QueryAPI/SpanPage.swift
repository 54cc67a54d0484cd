// SpanPage.swift - which spans of a trace an answer holds.

import TraceModel
import TraceStore

/// A page of the spans of one trace.
struct SpanPage: Sendable {
    /// The spans of the page, in the order of the trace.
    var outlines: [SpanOutline]
    /// Limit and next cursor.
    var pagination: Pagination
    /// Whether the page is not the whole trace.
    var isPart: Bool

    /// Cuts a page out of the spans of a trace.
    ///
    /// The cursor is the end of the page before; nil for the first page.
    init(of trace: TraceSummary, outlines: [SpanOutline], limit: Int, after cursor: PageCursor?) {
        let start = cursor.map { Self.place(after: $0, in: outlines) } ?? 0
        let end = min(outlines.count, start + limit)
        self.outlines = Array(outlines[start..<end])
        var next: String?
        if end < outlines.count, let last = self.outlines.last {
            next =
                PageCursor(
                    kind: .spans,
                    value: last.start,
                    number: Int64(bitPattern: last.spanID.value),
                    filters: Self.filters(of: trace)
                ).text
        }
        pagination = Pagination(limit: limit, next: next)
        isPart = cursor != nil || next != nil
    }

    /// What a cursor of this trace is bound to.
    static func filters(of trace: TraceSummary) -> UInt64 {
        PageCursor.hash(["spans", trace.traceID.hex, String(trace.number)])
    }

    /// Where to go on: after the last span of the page before, or after its time when that span is gone.
    private static func place(after cursor: PageCursor, in outlines: [SpanOutline]) -> Int {
        let last = SpanID(UInt64(bitPattern: cursor.number))
        if let index = outlines.firstIndex(where: { $0.spanID == last }) { return index + 1 }
        return outlines.firstIndex { $0.start > cursor.value } ?? outlines.count
    }
}
