// TraceListing+Numbers.swift - which of some traces match, and the rows of the first ones.

import GRDB
import TraceStore

extension TraceListing {
    /// The most numbers of one query.
    static let mostNumbers = 500

    /// The traces among `numbers` that match, in the order of those.
    ///
    /// - Returns: Rows up to the limit of the query, and in `total` how many match.
    func page(_ db: Database, _ condition: TraceConditions, among numbers: [Int64]) throws -> TracePage {
        let matching = try matches(db, condition, among: numbers.prefix(Self.mostNumbers))
        let rows = try numbers.lazy.filter(matching.contains).prefix(query.limit)
            .compactMap { try SummaryRows.fetch(db, number: $0)?.summary }
        var page = TracePage(rows: rows, next: nil)
        page.total = matching.count
        return page
    }

    private func matches(
        _ db: Database,
        _ condition: TraceConditions,
        among numbers: ArraySlice<Int64>
    ) throws -> Set<Int64> {
        guard !numbers.isEmpty else { return [] }
        var terms = condition.terms
        if case .only = query.scope {
            terms.append("project_id IN (\(condition.projects.map(String.init).joined(separator: ",")))")
        }
        terms.append("trace_no IN (\(numbers.map(String.init).joined(separator: ",")))")
        // Without indexes each number is looked up, whatever else is asked; an index could make it a scan.
        let sql = "SELECT trace_no FROM traces NOT INDEXED WHERE \(terms.joined(separator: " AND "))"
        // The text is different each time, and GRDB keeps every cached statement.
        return try Int64.fetchSet(db.makeStatement(sql: sql), arguments: condition.arguments)
    }
}
