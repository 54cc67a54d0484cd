// OwnerListing.swift - a page of sessions or users.

import GRDB
import TraceModel
import TraceStore

/// A session or user: its project and the hash of its text.
struct OwnerKey: Hashable {
    var project: Int64
    var hash: Int64
}

/// A session or user, and the newest of its matching traces that a walk came by.
struct FoundOwner {
    var key: OwnerKey
    var trace: TraceKey
}

/// Finds the rows of one page.
///
/// Traces are walked from the newest on. A session that is met was on an earlier page when it has a matching trace before
/// the place where the walk began; else the page shows it, with totals over the zones that know its hash.
struct OwnerListing {
    let query: OwnerQuery
    let loader: TraceLoader

    /// Reads one page.
    func page(_ db: Database) throws -> OwnerPage {
        let newest = try query.after?.newest ?? Int64.fetchOne(db, sql: "SELECT max(trace_no) FROM traces") ?? 0
        guard let conditions = try TraceConditions(query.traces, db) else { return OwnerPage(rows: []) }
        let lookup = OwnerLookup(query, conditions, loader, db)
        var walk = OwnerWalk(lookup, after: query.after?.trace, newest: newest)
        var found: [FoundOwner] = []
        repeat {
            let met = try walk.next(atLeast: query.traces.limit - found.count + 1)
            found += try query.after.map { try lookup.first(of: met, after: $0) } ?? met
        } while found.count <= query.traces.limit && !walk.isEnd && !walk.isTimeOver
        let hasMore = found.count > query.traces.limit
        let shown = Array(found.prefix(query.traces.limit))
        var page = OwnerPage(rows: try rows(shown, try lookup.totals(of: shown), db))
        page.isPartial = !hasMore && !walk.isEnd
        if let last = hasMore ? shown.last?.trace.position : page.isPartial ? walk.position : nil {
            page.next = OwnerPosition(trace: last, newest: newest)
        }
        return page
    }

    private static let namesSQL = """
        SELECT r.session, r.user, p.name FROM traces t JOIN roots r USING(trace_no) JOIN projects p USING(project_id)
        WHERE t.trace_no = ?
        """

    private func rows(_ owners: [FoundOwner], _ totals: [OwnerKey: OwnerSums], _ db: Database) throws -> [OwnerRow] {
        try owners.compactMap { owner in
            let statement = try db.cachedStatement(sql: Self.namesSQL)
            guard let names = try Row.fetchOne(statement, arguments: [owner.trace.number]),
                let name: String = names[query.owner == .session ? 0 : 1], let sums = totals[owner.key]
            else { return nil }
            return sums.row(named: name, user: names[1], in: names[2])
        }
    }
}
