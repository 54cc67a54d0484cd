// TraceListing.swift - a page of traces.

import GRDB
import TraceModel
import TraceStore

/// Finds the rows of one page.
///
/// Three ways lead to them, and all give the same rows: the index on the start, for filters that many traces pass;
/// zones, for those that few pass, and for other orders; numbers, where it is known which traces may match.
struct TraceListing {
    let query: TraceQuery
    let loader: TraceLoader

    /// With more projects than this, the index of each would be looked at for a few rows.
    private static let mostProjects = 8

    /// Reads one page.
    func page(_ db: Database) throws -> TracePage {
        guard let conditions = try TraceConditions(query, db) else { return nothing() }
        var scan = try TraceScan(query, conditions, loader, db)
        if let numbers = query.numbers { return try page(of: numbers, &scan, db) }
        let found = try keys(&scan, db)
        var keys = found.keys
        let hasMore = keys.count > query.limit
        keys = Array(keys.prefix(query.limit))
        let rows = try keys.compactMap { try SummaryRows.fetch(db, number: $0.number)?.summary }
        var page = TracePage(rows: rows, next: nil)
        page.isPartial = !hasMore && found.rest != nil
        page.next = hasMore ? keys.last?.position : found.rest?.position
        if query.isCounted { page.total = try scan.count() }
        return page
    }

    /// The traces among some that match, in the order of those, and how many match.
    private func page(of numbers: [Int64], _ scan: inout TraceScan, _ db: Database) throws -> TracePage {
        let matching = Set(try scan.byNumbers(numbers, most: .max).keys.map(\.number))
        let rows = try numbers.lazy.filter(matching.contains).prefix(query.limit)
            .compactMap { try SummaryRows.fetch(db, number: $0)?.summary }
        var page = TracePage(rows: rows, next: nil)
        page.total = matching.count
        return page
    }

    private func nothing() -> TracePage {
        var page = TracePage(rows: [], next: nil)
        if query.isCounted { page.total = 0 }
        return page
    }

    /// The keys of a page in order, and one more where there are more.
    func keys(_ scan: inout TraceScan, _ db: Database) throws -> FoundTraces {
        if case .few(let documents) = scan.text {
            return try scan.byNumbers(Set(documents.map(TextKey.trace)).sorted(), most: query.limit + 1)
        }
        // Sessions and users are few among the newest rows of the index; words are asked for once for a zone, where the
        // index would ask for each trace.
        let isRare = !scan.conditions.zones.hashes.isEmpty || scan.text != nil
        if query.sort == .startTime, !isRare, let projects = try indexed(scan, db) {
            let patience: IndexPatience = scan.checksEach ? .endless : .whileMatchesAreNear
            if let found = try scan.byIndex(of: projects, patience) { return found }
        }
        return try scan.byZones()
    }

    /// The projects whose part of the index is worth looking at; nil for too many.
    private func indexed(_ scan: TraceScan, _ db: Database) throws -> [Int64]? {
        if let project = scan.conditions.project { return [project] }
        let projects = try Int64.fetchAll(
            db.cachedStatement(sql: "SELECT project_id FROM projects LIMIT ?"),
            arguments: [Self.mostProjects + 1]
        )
        return projects.count > Self.mostProjects ? nil : projects
    }
}

/// What sorts a trace, and which one it is.
struct TraceKey: Equatable {
    var value: Int64
    var number: Int64

    var position: TracePosition { TracePosition(value: value, number: number) }

    /// Whether it comes before another.
    func precedes(_ other: TraceKey, isAscending: Bool) -> Bool {
        let isLess = (value, number) < (other.value, other.number)
        return isAscending ? isLess : (value, number) > (other.value, other.number)
    }
}

/// The keys of a page, and one more where there are more; `rest` is where to go on when time ran out.
struct FoundTraces {
    var keys: [TraceKey] = []
    var rest: TraceKey?
}
