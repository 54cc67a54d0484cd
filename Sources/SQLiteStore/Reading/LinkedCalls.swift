// LinkedCalls.swift - the calls of a trace that other traces show too.

import Foundation
import GRDB
import TraceModel

/// Where else the calls of a trace are shown.
enum LinkedCalls {
    /// Most spans that are named for one call.
    private static let most = 20

    /// Most calls of a trace that are looked up.
    private static let mostCalls = 1000

    private static let hashesSQL = "SELECT hash, project_id FROM linked_traces WHERE trace_no=? LIMIT ?"
    private static let tracesSQL = """
        SELECT t.trace_no, t.trace_id FROM linked_traces l JOIN traces t USING(trace_no)
        WHERE l.hash=? AND l.project_id=? AND l.trace_no<>? ORDER BY l.rank LIMIT ?
        """
    private static let callSQL = """
        SELECT span_id FROM calls
        WHERE call_id >= ?1 AND call_id < ?2 AND counted=0 AND (response_hash=?3 OR request_hash=?3) LIMIT 1
        """

    /// The counted spans of other traces, by the hash of the id that they share with this one.
    static func fetch(_ db: Database, of number: Int64) throws -> [Int64: [SpanReference]] {
        var found: [Int64: [SpanReference]] = [:]
        for row in try Row.fetchAll(db.cachedStatement(sql: hashesSQL), arguments: [number, mostCalls]) {
            let (hash, project): (Int64, Int64) = (row[0], row[1])
            let traces = try Row.fetchAll(db.cachedStatement(sql: tracesSQL), arguments: [hash, project, number, most])
            found[hash] = try traces.compactMap { trace in
                try reference(db, number: trace[0], traceID: TraceID(bytes: trace[1] as Data), hash)
            }
        }
        return found
    }

    private static func reference(
        _ db: Database,
        number: Int64,
        traceID: TraceID?,
        _ hash: Int64
    ) throws -> SpanReference? {
        let range = (PartKey.first(of: number), PartKey.end(of: number))
        let statement = try db.cachedStatement(sql: callSQL)
        guard let traceID, let span = try Data.fetchOne(statement, arguments: [range.0, range.1, hash]) else {
            return nil
        }
        return SpanReference(traceID: traceID, spanID: SpanID(bytes: span))
    }
}
