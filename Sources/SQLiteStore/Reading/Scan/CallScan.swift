// CallScan.swift - looks for the calls that pass a filter, in order.

import Foundation
import GRDB
import TraceModel
import TraceStore

/// What sorts a call, and which one it is.
struct CallKey: Equatable {
    var value: Int64
    var traceID: TraceID
    var spanID: SpanID
    var call: Int64

    var position: CallPosition { CallPosition(value: value, traceID: traceID, spanID: spanID) }

    /// Whether it comes before another; where values are equal the greater id comes first, in either order.
    func precedes(_ other: CallKey, isAscending: Bool) -> Bool {
        guard value == other.value else { return isAscending ? value < other.value : value > other.value }
        return (traceID, spanID) > (other.traceID, other.spanID)
    }
}

/// The keys of a page with those passed over, and one more where there are more; `rest` is where to go on when time ran
/// out.
struct FoundCalls {
    var keys: [CallKey] = []
    var rest: CallKey?
}

/// Looks for the calls that pass a filter, in the order of the query.
struct CallScan {
    private let conditions: CallConditions
    private var query: CallQuery
    private let text: TextMatches?
    private let db: Database
    private let clock: ScanClock
    private var checker: SpanChecker?
    /// So many keys are wanted.
    private var wanted: Int

    init(_ query: CallQuery, _ conditions: CallConditions, _ loader: TraceLoader, _ db: Database) throws {
        self.query = query
        self.conditions = conditions
        self.db = db
        clock = ScanClock(patience: query.patience)
        checker = try SpanChecker(query.spans, loader, db)
        text = try query.text.map { try TextMatches.find($0, db, byStart: query.sort == .startTime) }
        let (sum, overflow) = query.offset.addingReportingOverflow(query.limit)
        wanted = overflow ? Int.max - 1 : sum
    }

    private var column: String {
        switch query.sort {
        case .startTime: "c.created_ns"
        case .duration: "c.duration_ns"
        case .cost: "ifnull(c.cost, -1)"
        case .tokens: CallConditions.tokens
        }
    }

    private var bounds: String {
        switch query.sort {
        case .startTime: "call_start"
        case .duration: "call_duration"
        case .cost: "call_cost"
        case .tokens: "call_tokens"
        }
    }

    private func precedes(_ left: CallKey, _ right: CallKey) -> Bool {
        left.precedes(right, isAscending: query.ascending)
    }

    /// Only calls after the page before.
    private var after: SQLTerms {
        var terms = SQLTerms()
        guard let after = query.after else { return terms }
        let ids: [any DatabaseValueConvertible] = [
            after.value, after.value, Data(after.traceID.bytes), after.spanID.data,
        ]
        terms.add(
            "(\(column) \(query.ascending ? ">" : "<") ? OR (\(column) = ? AND (t.trace_id, c.span_id) < (?, ?)))",
            ids
        )
        return terms
    }

    /// The keys in order, up to one more than are wanted.
    mutating func keys() throws -> FoundCalls {
        if case .few(let documents)? = text { return try byKeys(documents) }
        var zoned = conditions.zones
        if let after = query.after {
            zoned.terms.add(query.ascending ? "\(bounds)_max >= ?" : "\(bounds)_min <= ?", after.value)
        }
        let list = ZoneList(conditions: zoned)
        let zones = try list.candidates(db, by: bounds, isAscending: query.ascending)
        let narrowing = try list.narrowing(db)
        var terms = conditions.terms
        terms.add(after)
        let statement = try CallStatement(db, column, terms, isAscending: query.ascending)
        var keys: [CallKey] = []
        for zone in zones {
            // In another zone may be a greater id with the same value.
            let isFull = keys.count > wanted
            if isFull, isBeyond(zone.value, keys[wanted].value) { break }
            if clock.isOver { return stopped(keys, at: zone.value) }
            guard let zone = try narrowing.narrowed(zone) else { continue }
            let more = try found(in: zone, statement, terms, notBeyond: isFull ? keys[wanted].value : nil)
            keys = try merge(keys, more)
        }
        return FoundCalls(keys: keys)
    }

    /// More documents than these are not looked up one by one.
    private static let mostLookedUp = 200

    /// The keys of a zone that pass, but for what only spans can tell.
    private func found(
        in zone: ZoneBound,
        _ statement: CallStatement,
        _ terms: SQLTerms,
        notBeyond worst: Int64?
    ) throws -> [CallKey] {
        guard case .many(let search, let tables)? = text else {
            return try statement.keys(in: zone.keys, notBeyond: worst)
        }
        let range = TextKey.keys(ofTraces: zone.traces)
        // Documents of what is no call are no help here.
        let documents = try TextMatches.keys(db, search, tables, in: range, limit: .max)
            .filter { TextKey.callIDs(of: $0) != nil }
        guard !documents.isEmpty else { return [] }
        if documents.count <= Self.mostLookedUp {
            var terms = terms
            terms.add(Self.term(for: documents[...]))
            return try CallStatement.keys(db, column, terms)
        }
        let known = Set(documents)
        return try statement.keys(in: zone.keys, notBeyond: worst).filter { known.contains(TextKey.call($0.call)) }
    }

    private func isBeyond(_ value: Int64, _ worst: Int64) -> Bool {
        query.ascending ? value > worst : value < worst
    }

    /// Only what no zone left out can come before, and a place before everything that they can have.
    private func stopped(_ keys: [CallKey], at value: Int64) -> FoundCalls {
        let rest = CallKey(
            value: value,
            traceID: TraceID(high: .max, low: .max),
            spanID: SpanID(.max),
            call: .max
        )
        // Never before the page at hand.
        if let after = query.after {
            let page = CallKey(value: after.value, traceID: after.traceID, spanID: after.spanID, call: 0)
            if precedes(rest, page) { return FoundCalls(keys: [], rest: page) }
        }
        return FoundCalls(keys: keys.filter { isBeyond(value, $0.value) }, rest: rest)
    }

    private mutating func merge(_ keys: [CallKey], _ more: [CallKey]) throws -> [CallKey] {
        guard !more.isEmpty else { return keys }
        var more = more.sorted(by: precedes)
        if checker != nil {
            // Each is looked at, until enough passed.
            var passed: [CallKey] = []
            for key in more where passed.count <= wanted {
                if keys.count > wanted, !precedes(key, keys[wanted]) { break }
                if try checker?.passes(span: key.spanID, of: key.call >> 24) ?? true { passed.append(key) }
            }
            more = passed
        }
        return Array((keys + more).sorted(by: precedes).prefix(wanted + 1))
    }

    private mutating func byKeys(_ documents: [Int64]) throws -> FoundCalls {
        var found: [CallKey] = []
        for start in stride(from: 0, to: documents.count, by: 500) {
            var terms = conditions.terms
            terms.add(after)
            terms.add(Self.term(for: documents[start..<min(start + 500, documents.count)]))
            found += try CallStatement.keys(db, column, terms)
        }
        var keys: [CallKey] = []
        for key in found.sorted(by: precedes) where keys.count <= wanted {
            if try checker?.passes(span: key.spanID, of: key.call >> 24) ?? true { keys.append(key) }
        }
        return FoundCalls(keys: keys)
    }

    /// The calls of some documents.
    private static func term(for documents: ArraySlice<Int64>) -> String {
        let calls = documents.compactMap(TextKey.callIDs)
        let single = calls.filter { $0.count == 1 }.map { "\($0.lowerBound)" }.joined(separator: ",")
        let shared = calls.filter { $0.count > 1 }
            .map { " OR c.call_id >= \($0.lowerBound) AND c.call_id < \($0.upperBound)" }
        return "(c.call_id IN (\(single))\(shared.joined()))"
    }

    /// How many pass; nil when time runs out.
    mutating func count() throws -> Int? {
        var scan = self
        scan.query.after = nil
        scan.wanted = Int.max - 1
        if case .few(let documents)? = text { return try scan.byKeys(documents).keys.count }
        let zones = try ZoneList(conditions: conditions.zones).fetch(db, by: "call_start", isAscending: false)
        let statement = try CallStatement(db, "0", conditions.terms, isAscending: false)
        var total = 0
        for zone in zones {
            guard !clock.isOver else { return nil }
            if checker == nil, text == nil {
                total += try statement.count(in: zone.keys)
            } else {
                let found = try scan.found(in: zone, statement, conditions.terms, notBeyond: nil)
                total += try scan.merge([], found).count
            }
        }
        return total
    }
}

/// Reads the calls of one zone after the other that pass.
struct CallStatement {
    private let select: Statement
    private let counting: Statement
    private let arguments: StatementArguments
    private let countArguments: StatementArguments
    private let isAscending: Bool

    init(_ db: Database, _ column: String, _ terms: SQLTerms, isAscending: Bool) throws {
        let range = "c.call_id >= ? AND c.call_id < ?"
        select = try db.makeStatement(
            sql: """
                \(Self.sql(column)) WHERE \(range) AND \(column) \(isAscending ? "<=" : ">=") ? AND \(terms.sql)
                """
        )
        counting = try db.makeStatement(
            sql: """
                SELECT count(*) FROM calls c CROSS JOIN traces t ON t.trace_no = c.call_id >> 24 \
                WHERE \(range) AND \(terms.sql)
                """
        )
        arguments = terms.arguments
        countArguments = terms.arguments
        self.isAscending = isAscending
    }

    private static func sql(_ column: String) -> String {
        """
        SELECT \(column), t.trace_id, c.span_id, c.call_id \
        FROM calls c CROSS JOIN traces t ON t.trace_no = c.call_id >> 24
        """
    }

    /// The keys in a range of calls, whose values are not worse than one.
    func keys(in range: Range<Int64>, notBeyond worst: Int64?) throws -> [CallKey] {
        let worst = worst ?? (isAscending ? .max : .min)
        let bounds: StatementArguments = [range.lowerBound, range.upperBound, worst]
        return try Self.keys(try Row.fetchCursor(select, arguments: bounds + arguments))
    }

    /// How many pass in a range of calls.
    func count(in range: Range<Int64>) throws -> Int {
        let bounds: StatementArguments = [range.lowerBound, range.upperBound]
        return try Int.fetchOne(counting, arguments: bounds + countArguments) ?? 0
    }

    /// The keys of all calls that pass.
    static func keys(_ db: Database, _ column: String, _ terms: SQLTerms) throws -> [CallKey] {
        let statement = try db.makeStatement(sql: "\(sql(column)) WHERE \(terms.sql)")
        return try keys(try Row.fetchCursor(statement, arguments: terms.arguments))
    }

    private static func keys(_ rows: RowCursor) throws -> [CallKey] {
        var found: [CallKey] = []
        while let row = try rows.next() {
            guard let trace = TraceID(bytes: row[1] as Data) else { continue }
            found.append(
                CallKey(value: row[0], traceID: trace, spanID: SpanID(bytes: row[2] as Data), call: row[3])
            )
        }
        return found
    }
}

extension SpanID {
    /// Its eight bytes, as the file has them.
    fileprivate var data: Data {
        withUnsafeBytes(of: value.bigEndian) { Data($0) }
    }
}
