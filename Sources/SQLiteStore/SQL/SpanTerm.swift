// SpanTerm.swift - the conditions of a query on spans that lead to traces.

import GRDBSQLite

/// A condition that says which traces have to be looked at, or which of their spans.
///
/// Each may leave in too much, never too little: SQLite checks every row again.
enum SpanTerm: Int32, CaseIterable {
    case traceID, traceNumber, spanID, project
    case traceNumberFrom, traceNumberTo, startTimeFrom, startTimeTo, startFrom, startTo

    /// The term for a condition; nil where it does not help.
    init?(_ column: SpanColumn, _ relation: UInt8) {
        let isEqual = relation == UInt8(SQLITE_INDEX_CONSTRAINT_EQ)
        let isFrom = [SQLITE_INDEX_CONSTRAINT_GE, SQLITE_INDEX_CONSTRAINT_GT].contains(Int32(relation))
        let isTo = [SQLITE_INDEX_CONSTRAINT_LE, SQLITE_INDEX_CONSTRAINT_LT].contains(Int32(relation))
        switch column {
        case .traceID where isEqual: self = .traceID
        case .traceNumber where isEqual: self = .traceNumber
        case .spanID where isEqual: self = .spanID
        case .project where isEqual: self = .project
        case .traceNumber where isFrom: self = .traceNumberFrom
        case .traceNumber where isTo: self = .traceNumberTo
        case .startTime where isFrom: self = .startTimeFrom
        case .startTime where isTo: self = .startTimeTo
        case .startNanoseconds where isFrom: self = .startFrom
        case .startNanoseconds where isTo: self = .startTo
        default: return nil
        }
    }

    /// As a plan of a query shows it.
    var text: String {
        switch self {
        case .traceID: "trace_id="
        case .traceNumber: "trace_no="
        case .spanID: "span_id="
        case .project: "project="
        case .traceNumberFrom: "trace_no>"
        case .traceNumberTo: "trace_no<"
        case .startTimeFrom: "start_time>"
        case .startTimeTo: "start_time<"
        case .startFrom: "start_ns>"
        case .startTo: "start_ns<"
        }
    }
}

/// The terms that a query uses, and whether it wants the newest traces first.
struct SpanPlan: OptionSet {
    let rawValue: Int32

    static let newestFirst = SpanPlan(rawValue: 1 << 30)

    init(rawValue: Int32) {
        self.rawValue = rawValue
    }

    init(_ term: SpanTerm) {
        rawValue = 1 << term.rawValue
    }

    /// The terms in the order of their arguments.
    var terms: [SpanTerm] { SpanTerm.allCases.filter { contains(SpanPlan($0)) } }

    /// As a plan of a query shows it.
    var text: String {
        (terms.map(\.text) + (contains(.newestFirst) ? ["newest first"] : [])).joined(separator: " ")
    }

    /// About how many spans come out.
    ///
    /// Rough, but in the order of what SQLite has to choose from: it takes a table for a million rows.
    var rows: Int64 {
        var rows: Int64 = 10_000_000
        if contains(SpanPlan(.traceID)) || contains(SpanPlan(.traceNumber)) {
            rows = 100
        } else {
            for term in terms where term != .spanID { rows /= term == .project ? 2 : 4 }
        }
        return contains(SpanPlan(.spanID)) ? 1 : rows
    }

    /// About what it takes; a look-up of a row in a table takes some 10.
    var cost: Double {
        if contains(SpanPlan(.traceID)) { return contains(SpanPlan(.spanID)) ? 100 : 1_000 }
        if contains(SpanPlan(.traceNumber)) { return contains(SpanPlan(.spanID)) ? 50 : 900 }
        return Double(subtracting(SpanPlan(.spanID)).rows) * 1_000
    }
}

extension SpanPlan {
    /// Chooses the terms for a query, and tells SQLite.
    static func choose(_ query: UnsafeMutablePointer<sqlite3_index_info>) {
        var places: [SpanTerm: Int] = [:]
        for place in 0..<Int(query.pointee.nConstraint) {
            let condition = query.pointee.aConstraint[place]
            guard condition.usable != 0, let column = SpanColumn(rawValue: condition.iColumn),
                let term = SpanTerm(column, condition.op), places[term] == nil, isBinary(query, place)
            else { continue }
            places[term] = place
        }
        var plan = places.keys.reduce(into: SpanPlan()) { $0.insert(SpanPlan($1)) }
        for (number, term) in plan.terms.enumerated() {
            guard let place = places[term] else { continue }
            query.pointee.aConstraintUsage[place].argvIndex = Int32(number + 1)
        }
        if query.pointee.nOrderBy == 1, query.pointee.aOrderBy[0].iColumn == SpanColumn.traceNumber.rawValue {
            query.pointee.orderByConsumed = 1
            if query.pointee.aOrderBy[0].desc != 0 { plan.insert(.newestFirst) }
        }
        query.pointee.idxNum = plan.rawValue
        query.pointee.idxStr = plan.text.copiedForSQLite()
        query.pointee.needToFreeIdxStr = 1
        query.pointee.estimatedCost = plan.cost
        query.pointee.estimatedRows = plan.rows
    }

    /// Whether text is compared byte by byte, as look-ups do.
    private static func isBinary(_ query: UnsafeMutablePointer<sqlite3_index_info>, _ place: Int) -> Bool {
        sqlite3_vtab_collation(query, Int32(place)).map { String(cString: $0) == "BINARY" } ?? false
    }
}
