// StoredPrices.swift - what the calls of a trace cost when they were stored.

import GRDB
import TraceAssembly
import TraceModel

/// What the calls of a trace cost by their rows.
struct StoredPrices {
    var prices: [CallPrice] = []
    /// By number, what calls cost on arrival, where that was changed since.
    var charged: [UInt32: PicoUSD] = [:]

    private static let sql = """
        SELECT c.call_id, c.cost_computed, p.name, c.cost_charged FROM calls c LEFT JOIN prices p USING(price_id)
        WHERE c.call_id >= ? AND c.call_id < ?
        """

    /// Reads the rows of a trace.
    static func fetch(_ db: Database, of number: Int64) throws -> StoredPrices {
        var found = StoredPrices()
        let statement = try db.cachedStatement(sql: sql)
        let rows = try Row.fetchCursor(statement, arguments: [PartKey.first(of: number), PartKey.end(of: number)])
        while let row = try rows.next() {
            let call = PartKey.number(row[0])
            let computed = (row[1] as Int64?).map { PicoUSD($0) }
            found.prices.append(CallPrice(number: call, computed: computed, price: row[2]))
            if let charged = row[3] as Int64? { found.charged[call] = PicoUSD(charged) }
        }
        return found
    }
}
