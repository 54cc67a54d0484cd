// CallListing.swift - a page of calls.

import Foundation
import GRDB
import TraceModel
import TraceStore

/// Finds the rows of one page, and counts all of them.
struct CallListing {
    let query: CallQuery
    let loader: TraceLoader

    /// Reads one page.
    func page(_ db: Database) throws -> CallPage {
        guard let conditions = try CallConditions(query, db) else {
            return CallPage(rows: [], total: query.isCounted ? 0 : nil)
        }
        var scan = try CallScan(query, conditions, loader, db)
        let total = query.isCounted ? try count(conditions, &scan, db) : nil
        let found = try scan.keys()
        let end = query.offset.saturatingSum(query.limit)
        let shown = found.keys.dropFirst(query.offset).prefix(query.limit)
        let hasMore = found.keys.count > end
        var page = CallPage(rows: try shown.compactMap { try row($0, db) }, total: total)
        page.isPartial = !hasMore && found.rest != nil
        page.next = hasMore ? shown.last?.position : found.rest?.position
        return page
    }

    /// How many there are: from statistics where they know, else from the calls themselves.
    private func count(_ conditions: CallConditions, _ scan: inout CallScan, _ db: Database) throws -> Int? {
        guard query.isKnownToRollups, !query.includesUncounted, query.source == nil else { return try scan.count() }
        return try RollupSums(query, conditions.numbers, roles: .providerCalls).calls(db)
    }

    private static let rowSQL = """
        SELECT c.duration_ns, c.outcome, c.tokens_input, c.tokens_output, c.cost, c.counted, m.name, p.name, c.created_ns
        FROM calls c LEFT JOIN models m ON m.model_id = c.model_id
        LEFT JOIN providers p ON p.provider_id = c.provider_id WHERE c.call_id = ?
        """

    private func row(_ key: CallKey, _ db: Database) throws -> CallRow? {
        guard let row = try Row.fetchOne(db.cachedStatement(sql: Self.rowSQL), arguments: [key.call]) else {
            return nil
        }
        var call = CallRow(
            traceID: key.traceID,
            spanID: key.spanID,
            start: row[8],
            duration: row[0],
            status: CallStatus(stored: row[1])
        )
        call.tokensInput = row[2]
        call.tokensOutput = row[3]
        call.cost = (row[4] as Int64?).map { PicoUSD($0) }
        call.scope = UsageScope(rawValue: UInt8(truncatingIfNeeded: row[5] as Int64)) ?? .own
        call.model = row[6]
        call.provider = row[7]
        return call
    }
}

extension Int {
    fileprivate func saturatingSum(_ other: Int) -> Int {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? .max : sum
    }
}
