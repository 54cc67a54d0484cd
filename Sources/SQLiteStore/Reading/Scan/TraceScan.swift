// TraceScan.swift - looks for the traces that pass a filter, in order.

import GRDB
import TraceModel
import TraceStore

/// Looks for the traces that pass a filter, in the order of the query.
struct TraceScan {
    let conditions: TraceConditions
    /// The documents with the words that are asked for; nil when none are.
    let text: TextMatches?
    private let query: TraceQuery
    private let db: Database
    private let clock: ScanClock
    private var checker: SpanChecker?

    init(_ query: TraceQuery, _ conditions: TraceConditions, _ loader: TraceLoader, _ db: Database) throws {
        self.query = query
        self.conditions = conditions
        self.db = db
        clock = ScanClock(patience: query.patience)
        checker = try SpanChecker(query.spans, loader, db)
        text = try query.text.map { try TextMatches.find($0, db, byStart: query.sort == .startTime) }
    }

    /// Whether a row alone does not say that its trace passes.
    var checksEach: Bool {
        if case .many? = text { return true }
        return checker != nil
    }

    /// What traces are sorted by; -1 stands for unknown.
    private var column: String {
        switch query.sort {
        case .startTime: "start_ns"
        case .duration: "duration_ns"
        case .cost: "ifnull(cost, -1)"
        case .tokens: TraceConditions.tokens
        }
    }

    /// The bounds in `zones` of what traces are sorted by.
    private var bounds: String {
        switch query.sort {
        case .startTime: "start"
        case .duration: "duration"
        case .cost: "cost"
        case .tokens: "tokens"
        }
    }

    private var after: SQLTerms {
        var terms = SQLTerms()
        if let after = query.after {
            terms.add("(\(column), trace_no) \(query.ascending ? ">" : "<") (?, ?)", [after.value, after.number])
        }
        return terms
    }

    private func precedes(_ left: TraceKey, _ right: TraceKey) -> Bool {
        left.precedes(right, isAscending: query.ascending)
    }

    /// Whether the spans and words of a trace are what is asked for.
    mutating func passes(_ number: Int64) throws -> Bool {
        if case .many(let search, let tables)? = text {
            let keys = TextKey.keys(ofTraces: number..<number + 1)
            guard try !TextMatches.keys(db, search, tables, in: keys, limit: 1).isEmpty else { return false }
        }
        return try checker?.passes(trace: number) ?? true
    }

    // MARK: ways

    /// Looks at the traces with some numbers.
    ///
    /// - Parameters:
    ///   - numbers: The only ones that may match.
    ///   - most: So many are enough.
    /// - Returns: The first ones in the order of the query.
    /// - Throws: What SQLite says.
    mutating func byNumbers(_ numbers: [Int64], most: Int) throws -> FoundTraces {
        var found: [TraceKey] = []
        for start in stride(from: 0, to: numbers.count, by: 500) {
            let slice = numbers[start..<min(start + 500, numbers.count)]
            var terms = conditions.terms
            terms.add(after)
            terms.add("trace_no IN (\(slice.map(String.init).joined(separator: ",")))")
            // Without indexes each number is looked up, whatever else is asked.
            let sql = "SELECT \(column), trace_no FROM traces NOT INDEXED WHERE \(terms.sql)"
            let rows = try Row.fetchCursor(db.makeStatement(sql: sql), arguments: terms.arguments)
            while let row = try rows.next() { found.append(TraceKey(value: row[0], number: row[1])) }
        }
        var keys: [TraceKey] = []
        for key in found.sorted(by: precedes) where keys.count < most {
            if clock.isOver, checker != nil { return FoundTraces(keys: keys, rest: keys.last ?? before(key)) }
            if try checker?.passes(trace: key.number) ?? true { keys.append(key) }
        }
        return FoundTraces(keys: keys)
    }

    /// A place to go on from, which is never before the page at hand.
    private func notBefore(_ key: TraceKey) -> TraceKey {
        guard let after = query.after.map({ TraceKey(value: $0.value, number: $0.number) }) else { return key }
        return precedes(key, after) ? after : key
    }

    /// A key right before another.
    private func before(_ key: TraceKey) -> TraceKey {
        TraceKey(value: key.value, number: query.ascending ? key.number - 1 : key.number + 1)
    }

    /// Looks at traces in the order of the index on their start.
    ///
    /// - Parameters:
    ///   - projects: Whose traces.
    ///   - patience: When it is given up.
    /// - Returns: Nil when it was given up.
    /// - Throws: What SQLite says.
    mutating func byIndex(of projects: [Int64], _ patience: IndexPatience) throws -> FoundTraces? {
        var found = FoundTraces()
        for project in projects {
            guard let more = try byIndex(of: project, patience) else { return nil }
            found.keys += more.keys
            // Where one of them stopped, the page ends.
            if let rest = more.rest, found.rest.map({ precedes(rest, $0) }) ?? true { found.rest = rest }
        }
        found.keys.sort(by: precedes)
        if let rest = found.rest { found.keys.removeAll { !precedes($0, rest) && $0 != rest } }
        found.keys = Array(found.keys.prefix(query.limit + 1))
        return found
    }

    private mutating func byIndex(of project: Int64, _ patience: IndexPatience) throws -> FoundTraces? {
        var index = SQLTerms()
        index.add("project_id = ?", project)
        index.add("start_ns >= ?", max(0, query.startsFrom ?? 0))
        index.add("start_ns < ?", [query.startsBefore, query.endsBefore].compactMap { $0 }.min())
        index.add(after)
        let hasFailed = query.status == .error || query.errorType != nil
        // As the index has it, so that SQLite knows that it holds all of them.
        if hasFailed { index.add("(status = 1 OR error_bits <> 0)") }
        let order = query.ascending ? "ASC" : "DESC"
        // Within CASE the dear terms are not asked when a cheap one says no.
        let sql = """
            SELECT start_ns, trace_no, CASE WHEN \(conditions.terms.sql) THEN 1 ELSE 0 END
            FROM traces INDEXED BY \(hasFailed ? "traces_failed" : "traces_by_start")
            WHERE \(index.sql) ORDER BY start_ns \(order), trace_no \(order)
            """
        let arguments = conditions.terms.arguments + index.arguments
        let rows = try Row.fetchCursor(db.makeStatement(sql: sql), arguments: arguments)
        var found = FoundTraces()
        var seen = 0
        while found.keys.count <= query.limit, let row = try rows.next() {
            let key = TraceKey(value: row[0], number: row[1])
            seen += 1
            if try row[2] && passes(key.number) { found.keys.append(key) }
            if checksEach || seen % 256 == 0, clock.isOver {
                found.rest = key
                return found
            }
            if patience.isOver(seen: seen, found: found.keys.count, of: query.limit) { return nil }
        }
        return found
    }

    /// Looks at zones, the most promising first, until no other can have anything better.
    mutating func byZones() throws -> FoundTraces {
        var zoned = conditions.zones
        if let after = query.after {
            zoned.terms.add(query.ascending ? "\(bounds)_max >= ?" : "\(bounds)_min <= ?", after.value)
        }
        let list = ZoneList(conditions: zoned)
        let zones = try list.candidates(db, by: bounds, isAscending: query.ascending)
        let narrowing = try list.narrowing(db)
        var statement = try ZoneStatement(db, column, conditions.terms, after, isAscending: query.ascending)
        var keys: [TraceKey] = []
        for zone in zones {
            let best = TraceKey(
                value: zone.value,
                number: query.ascending ? zone.traces.lowerBound : zone.traces.upperBound
            )
            if keys.count > query.limit, !precedes(best, keys[query.limit]) { break }
            if clock.isOver {
                // Only what no zone left out can come before.
                return FoundTraces(keys: keys.filter { precedes($0, best) }, rest: notBefore(before(best)))
            }
            guard let zone = try narrowing.narrowed(zone) else { continue }
            let worst = keys.count > query.limit ? keys[query.limit].value : nil
            keys = try merge(keys, found(in: zone, &statement, notBeyond: worst))
        }
        return FoundTraces(keys: keys)
    }

    /// The keys of a zone that pass, but for what only spans can tell.
    private func found(
        in zone: ZoneBound,
        _ statement: inout ZoneStatement,
        notBeyond worst: Int64?
    ) throws -> [TraceKey] {
        guard case .many(let search, let tables)? = text else { return try statement.keys(in: zone, notBeyond: worst) }
        let keys = TextKey.keys(ofTraces: zone.traces)
        let traces = Set(try TextMatches.keys(db, search, tables, in: keys, limit: .max).map(TextKey.trace))
        guard !traces.isEmpty else { return [] }
        return try statement.keys(in: zone, notBeyond: worst).filter { traces.contains($0.number) }
    }

    /// The best keys of two lists.
    private mutating func merge(_ keys: [TraceKey], _ more: [TraceKey]) throws -> [TraceKey] {
        guard !more.isEmpty else { return keys }
        let more = more.sorted(by: precedes)
        var merged = keys
        for key in more {
            if merged.count > query.limit, !precedes(key, merged[query.limit]) { break }
            if let passes = try checker?.passes(trace: key.number), !passes { continue }
            merged.append(key)
            merged.sort(by: precedes)
            merged = Array(merged.prefix(query.limit + 1))
        }
        return merged
    }

    // MARK: counting

    /// How many traces pass; nil when time runs out.
    mutating func count() throws -> Int? {
        if case .few(let documents)? = text { return try count(Set(documents.map(TextKey.trace)).sorted()) }
        let zones = try ZoneList(conditions: conditions.zones).fetch(db, by: "start", isAscending: false)
        var statement = try ZoneStatement(db, "0", conditions.terms, SQLTerms(), isAscending: false)
        var total = 0
        for zone in zones {
            guard !clock.isOver else { return nil }
            guard checksEach else {
                total += try statement.count(in: zone)
                continue
            }
            for key in try statement.keys(in: zone, notBeyond: nil) where try passes(key.number) { total += 1 }
        }
        return total
    }

    private mutating func count(_ numbers: [Int64]) throws -> Int? {
        var total = 0
        for start in stride(from: 0, to: numbers.count, by: 500) {
            let slice = numbers[start..<min(start + 500, numbers.count)]
            var terms = conditions.terms
            terms.add("trace_no IN (\(slice.map(String.init).joined(separator: ",")))")
            let sql = "SELECT trace_no FROM traces NOT INDEXED WHERE \(terms.sql)"
            let found = try Int64.fetchAll(db.makeStatement(sql: sql), arguments: terms.arguments)
            guard checker != nil else {
                total += found.count
                continue
            }
            for number in found {
                guard !clock.isOver else { return nil }
                if try checker?.passes(trace: number) ?? true { total += 1 }
            }
        }
        return total
    }
}

/// When the index on the start is given up for zones.
enum IndexPatience {
    /// Never.
    case endless
    /// When so few pass that the page would be far.
    case whileMatchesAreNear

    /// So many rows say how many pass.
    private static let sample = 256
    /// A page within so many rows comes as fast from here as from zones.
    private static let mostRows = 8192

    /// Whether it is given up.
    ///
    /// - Parameters:
    ///   - seen: Rows so far.
    ///   - found: Those that pass.
    ///   - limit: Wanted.
    /// - Returns: True from then on.
    func isOver(seen: Int, found: Int, of limit: Int) -> Bool {
        guard case .whileMatchesAreNear = self, seen % Self.sample == 0, found <= limit else { return false }
        return seen / Self.sample * (limit + 1) > max(Self.mostRows, 4 * limit) / Self.sample * found
    }
}

/// Reads the traces of one zone after the other that pass.
private struct ZoneStatement {
    private let select: Statement
    private let counting: Statement
    private let arguments: StatementArguments
    private let countArguments: StatementArguments
    private let isAscending: Bool

    init(
        _ db: Database,
        _ column: String,
        _ terms: SQLTerms,
        _ after: SQLTerms,
        isAscending: Bool
    ) throws {
        let sign = isAscending ? "<=" : ">="
        let range = "trace_no >= ? AND trace_no < ?"
        select = try db.makeStatement(
            sql: """
                SELECT \(column), trace_no FROM traces NOT INDEXED \
                WHERE \(range) AND \(column) \(sign) ? AND \(terms.sql) AND \(after.sql)
                """
        )
        counting = try db.makeStatement(
            sql: "SELECT count(*) FROM traces NOT INDEXED WHERE \(range) AND \(terms.sql)"
        )
        arguments = terms.arguments + after.arguments
        countArguments = terms.arguments
        self.isAscending = isAscending
    }

    /// The keys of a zone, whose values are not worse than one.
    mutating func keys(in zone: ZoneBound, notBeyond worst: Int64?) throws -> [TraceKey] {
        let worst = worst ?? (isAscending ? .max : .min)
        let range: StatementArguments = [zone.traces.lowerBound, zone.traces.upperBound, worst]
        let rows = try Row.fetchCursor(select, arguments: range + arguments)
        var found: [TraceKey] = []
        while let row = try rows.next() { found.append(TraceKey(value: row[0], number: row[1])) }
        return found
    }

    /// How many pass in a zone.
    mutating func count(in zone: ZoneBound) throws -> Int {
        let range: StatementArguments = [zone.traces.lowerBound, zone.traces.upperBound]
        return try Int.fetchOne(counting, arguments: range + countArguments) ?? 0
    }
}
