// OwnerLookup.swift - the matching traces of some sessions or users, zone by zone.

import GRDB
import TraceModel
import TraceStore

/// Looks at the matching traces of some sessions or users, in the zones that know one of their hashes.
struct OwnerLookup {
    let query: OwnerQuery
    let conditions: TraceConditions
    let loader: TraceLoader
    let db: Database

    init(_ query: OwnerQuery, _ conditions: TraceConditions, _ loader: TraceLoader, _ db: Database) {
        self.query = query
        self.conditions = conditions
        self.loader = loader
        self.db = db
    }

    /// The column of the hash.
    var column: String { query.owner == .session ? "session_hash" : "user_hash" }

    /// The session or user of a trace; nil when it has none.
    func owner(of number: Int64) throws -> OwnerKey? {
        let statement = try db.cachedStatement(sql: "SELECT project_id, \(column) FROM traces WHERE trace_no=?")
        guard let row = try Row.fetchOne(statement, arguments: [number]), let hash = row[1] as Int64? else {
            return nil
        }
        return OwnerKey(project: row[0], hash: hash)
    }

    /// Those that no page before showed: they have no matching trace up to its end.
    func first(of owners: [FoundOwner], after position: OwnerPosition) throws -> [FoundOwner] {
        let trace = position.trace
        var terms = SQLTerms()
        terms.add("(start_ns, trace_no) >= (?, ?)", [trace.value, trace.number])
        terms.add("trace_no <= ?", position.newest)
        var shown: Set<OwnerKey> = []
        var check = try TraceCheck(self)
        let columns = check == nil ? "DISTINCT project_id, \(column)" : "project_id, \(column), trace_no"
        try forEach(owners, columns, terms, startingFrom: trace.value) { row in
            let key = OwnerKey(project: row[0], hash: row[1])
            guard !shown.contains(key) else { return }
            if check == nil { shown.insert(key) } else if try check?.passes(row[2]) == true { shown.insert(key) }
        }
        return owners.filter { !shown.contains($0.key) }
    }

    /// What their matching traces come to.
    func totals(of owners: [FoundOwner]) throws -> [OwnerKey: OwnerSums] {
        var sums: [OwnerKey: OwnerSums] = [:]
        for owner in owners { sums[owner.key] = OwnerSums() }
        var check = try TraceCheck(self)
        let group = check == nil ? "GROUP BY project_id, \(column), 3" : "GROUP BY trace_no"
        let session = query.owner == .user ? "session_hash" : "NULL"
        let columns = "project_id, \(column), \(session), trace_no, \(OwnerSums.columns)"
        try forEach(owners, columns, SQLTerms(), group) { row in
            let key = OwnerKey(project: row[0], hash: row[1])
            guard sums[key] != nil else { return }
            if check != nil, try check?.passes(row[3]) != true { return }
            sums[key]?.add(row, at: 4, session: row[2])
        }
        return sums
    }

    private func forEach(
        _ owners: [FoundOwner],
        _ columns: String,
        _ more: SQLTerms,
        _ group: String = "",
        startingFrom start: Int64? = nil,
        _ body: (Row) throws -> Void
    ) throws {
        guard !owners.isEmpty else { return }
        var zoned = conditions.zones
        zoned.anyHash = Array(Set(owners.map(\.key.hash)))
        zoned.terms.add("start_max >= ?", start)
        let zones = try ZoneList(conditions: zoned).fetch(db, by: "start", isAscending: false)
        let hashes = zoned.anyHash.map(String.init).joined(separator: ",")
        var terms = SQLTerms()
        terms.add("\(column) IN (\(hashes))")
        terms.add(more)
        terms.add(conditions.terms)
        let statement = try db.makeStatement(
            sql: """
                SELECT \(columns) FROM traces NOT INDEXED WHERE trace_no >= ? AND trace_no < ? AND \(terms.sql) \(group)
                """
        )
        for zone in zones {
            let range: StatementArguments = [zone.traces.lowerBound, zone.traces.upperBound]
            let rows = try Row.fetchCursor(statement, arguments: range + terms.arguments)
            while let row = try rows.next() { try body(row) }
        }
    }
}

/// Decides of traces whose rows do not tell whether they match.
struct TraceCheck {
    private var scan: TraceScan
    private let few: Set<Int64>?

    /// Makes a check; nil when rows tell.
    init?(_ lookup: OwnerLookup) throws {
        scan = try TraceScan(lookup.query.traces, lookup.conditions, lookup.loader, lookup.db)
        if case .few(let documents)? = scan.text { few = Set(documents.map(TextKey.trace)) } else { few = nil }
        guard few != nil || scan.checksEach else { return nil }
    }

    /// Whether the spans and words of a trace are what is asked for.
    mutating func passes(_ number: Int64) throws -> Bool {
        if let few, !few.contains(number) { return false }
        return try scan.passes(number)
    }
}
