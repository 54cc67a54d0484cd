// SpanSearch.swift - which spans a query wants, as far as its terms tell.

import OTLPCodec
import TraceModel

/// Which traces a query has to look at, and which of their spans.
struct SpanSearch {
    /// Whether nothing can match.
    private(set) var isEmpty = false
    private(set) var traceID: TraceID?
    private(set) var spanID: SpanID?
    private(set) var project: String?
    private(set) var lowest = Int64.min
    private(set) var highest = Int64.max
    private(set) var isNewestFirst = false
    private var startFrom = Int64.min
    private var startTo = Int64.max
    private var timeFrom: [UInt8] = []
    private var timeTo: [UInt8]?

    init(_ plan: SpanPlan, _ arguments: [SQLValue]) {
        isNewestFirst = plan.contains(.newestFirst)
        for (term, argument) in zip(plan.terms, arguments) {
            // Nothing is equal to, before or after null.
            if argument == .null { isEmpty = true }
            add(term, argument)
        }
        if lowest > highest { isEmpty = true }
    }

    /// A value of another type than the column's narrows nothing down here: SQLite knows how they compare.
    private mutating func add(_ term: SpanTerm, _ argument: SQLValue) {
        switch (term, argument) {
        case (.traceID, .text(let text)):
            traceID = TraceID(hex: String(decoding: text, as: UTF8.self))
            if traceID == nil { isEmpty = true }
        case (.spanID, .text(let text)):
            spanID = SpanID(hex: String(decoding: text, as: UTF8.self))
            if spanID == nil { isEmpty = true }
        case (.project, .text(let text)): project = String(decoding: text, as: UTF8.self)
        case (.traceNumber, .integer(let number)):
            lowest = max(lowest, number)
            highest = min(highest, number)
        case (.traceNumberFrom, .integer(let number)): lowest = max(lowest, number)
        case (.traceNumberTo, .integer(let number)): highest = min(highest, number)
        case (.startTimeFrom, .text(let text)): timeFrom = text
        case (.startTimeTo, .text(let text)): timeTo = text
        case (.startFrom, .integer(let time)): startFrom = time
        case (.startTo, .integer(let time)): startTo = time
        default: break
        }
    }

    /// Whether spans of a trace may have started in the time that is wanted.
    func mayMatch(_ trace: TraceRow) -> Bool {
        guard trace.end >= startFrom else { return false }
        if !timeFrom.isEmpty, SQLValue.time(trace.end).lexicographicallyPrecedes(timeFrom) { return false }
        // Spans without a start show the beginning of 1970.
        if trace.hasSpanWithoutStart { return true }
        guard trace.start <= startTo else { return false }
        return timeTo.map { !$0.lexicographicallyPrecedes(SQLValue.time(trace.start)) } ?? true
    }
}

extension SQLValue {
    /// A time as the column has it: the form of the API.
    static func time(_ nanoseconds: Int64) -> [UInt8] {
        var json: [UInt8] = []
        json.appendJSON(time: nanoseconds)
        // Without the quotes.
        return Array(json.dropFirst().dropLast())
    }
}
