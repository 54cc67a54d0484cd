// CallListing.swift - a page of calls: the query as SQL.

import Foundation
import GRDB
import TraceModel
import TraceStore

/// Finds the rows of one page, and counts all of them.
struct CallListing {
    let query: CallQuery

    /// Reads one page.
    func page(_ db: Database) throws -> CallPage {
        guard let conditions = try CallConditions(query, db) else { return CallPage(rows: [], total: 0) }
        let calls = "FROM calls c WHERE \(conditions.sql)"
        let total = try Int.fetchOne(db, sql: "SELECT count(*) \(calls)", arguments: conditions.arguments) ?? 0
        guard query.offset < total else { return CallPage(rows: [], total: total) }
        // The start of the last row, from the calls alone: only rows from there on are looked at further.
        let last = min(query.offset + query.limit, total) - 1
        let least = try Int64.fetchOne(
            db,
            sql: "SELECT c.created_ns \(calls) ORDER BY c.created_ns DESC LIMIT 1 OFFSET ?",
            arguments: conditions.arguments + [last]
        )
        let sql = """
            SELECT t.trace_id, c.span_id, c.created_ns, c.duration_ns, c.status, c.error_type, c.tokens_input,
                c.tokens_output, c.cost, c.counted, m.name, p.name
            FROM calls c JOIN traces t ON t.trace_no = c.call_id >> 24
            LEFT JOIN models m ON m.model_id = c.model_id LEFT JOIN providers p ON p.provider_id = c.provider_id
            WHERE \(conditions.sql) AND c.created_ns >= ?
            ORDER BY c.created_ns DESC, t.trace_id DESC, c.span_id DESC LIMIT ? OFFSET ?
            """
        let arguments = conditions.arguments + [least ?? 0, query.limit, query.offset]
        let rows = try Row.fetchAll(db, sql: sql, arguments: arguments).compactMap(Self.row)
        return CallPage(rows: rows, total: total)
    }

    private static func row(_ row: Row) -> CallRow? {
        guard let trace = TraceID(bytes: row[0] as Data) else { return nil }
        var call = CallRow(
            traceID: trace,
            spanID: SpanID(bytes: row[1] as Data),
            start: row[2],
            duration: row[3],
            status: CallStatus(isFailed: row[4] as Int == 2, errorType: row[5])
        )
        call.tokensInput = row[6]
        call.tokensOutput = row[7]
        call.cost = (row[8] as Int64?).map { PicoUSD($0) }
        call.scope = UsageScope(rawValue: UInt8(truncatingIfNeeded: row[9] as Int64)) ?? .own
        call.model = row[10]
        call.provider = row[11]
        return call
    }
}

/// The conditions of a query as SQL.
private struct CallConditions {
    /// Calls of a provider's model: `SpanRole.isProviderCall`.
    private var terms = [
        "c.role IN (\(SpanRole.allCases.filter(\.isProviderCall).map { "\($0.rawValue)" }.joined(separator: ",")))"
    ]
    private(set) var arguments = StatementArguments()

    var sql: String { terms.joined(separator: " AND ") }

    /// Makes the conditions; nil when a name is asked for that nothing has, so that nothing can match.
    init?(_ query: CallQuery, _ db: Database) throws {
        if let term = try RemovalMark.hidingCalls(db) { terms.append(term) }
        if case .only(let name) = query.scope {
            guard let project = try Self.id("project", name, db) else { return nil }
            add("c.project_id = ?", project)
        }
        add("c.created_ns >= ?", query.startsFrom)
        add("c.created_ns < ?", query.startsBefore)
        if let model = query.model {
            guard let id = try Self.id("model", model, db) else { return nil }
            add("c.model_id = ?", id)
        }
        if let source = query.source {
            let label = LLMCall.labelSeparator + source + LLMCall.labelSeparator
            terms.append(
                "((SELECT s.service_id FROM traces s WHERE s.trace_no = c.call_id >> 24) = ? OR instr(c.labels, ?) > 0)"
            )
            arguments += [try Self.id("service", source, db) ?? -1, label]
        }
        if let status = query.status { terms.append(Self.sql(status)) }
        if !query.includesUncounted { terms.append(Self.counted) }
    }

    private mutating func add(_ term: String, _ value: Int64?) {
        guard let value else { return }
        terms.append(term)
        arguments += [value]
    }

    private static func id(_ kind: String, _ name: String, _ db: Database) throws -> Int64? {
        try Int64.fetchOne(db, sql: "SELECT \(kind)_id FROM \(kind)s WHERE name=?", arguments: [name])
    }

    /// What `CallStatus.init(isFailed:errorType:)` concludes, as SQL.
    private static func sql(_ status: CallStatus) -> String {
        let words = CallStatus.timeoutWords.map { "instr(lower(c.error_type), '\($0)') > 0" }
        let codes = CallStatus.timeoutCodes.sorted().map { "'\($0)'" }.joined(separator: ",")
        let isTimeout = "ifnull(\(words.joined(separator: " OR ")) OR c.error_type IN (\(codes)), 0)"
        let isFailed = "(c.status = 2 OR c.error_type IS NOT NULL)"
        return switch status {
        case .success: "NOT \(isFailed)"
        case .error: "\(isFailed) AND NOT \(isTimeout)"
        case .timeout: isTimeout
        }
    }

    /// A call that counts in its trace, and that no other trace counts before.
    private static let counted = """
        c.counted = 0 AND (NOT EXISTS (SELECT 1 FROM linked_traces) OR NOT EXISTS (
            SELECT 1 FROM linked_traces mine JOIN linked_traces theirs
                ON theirs.hash = mine.hash AND theirs.project_id = mine.project_id AND theirs.rank < mine.rank
            WHERE mine.trace_no = c.call_id >> 24 AND mine.hash IN (c.response_hash, c.request_hash)
        ))
        """
}
