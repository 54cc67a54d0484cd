// SummaryRows.swift - rows of `traces` and `roots` to summaries.

import Foundation
import GRDB
import TraceModel
import TraceStore

/// Reads summaries by trace number.
enum SummaryRows {
    private static let sql = """
        SELECT t.*, p.name AS project_name, s.name AS service_name, m.name AS model_name,
            r.span_id AS root_span_id, r.provisional, r.name AS root_name, r.attributes, r.truncated, r.session, r.user
        FROM traces t JOIN projects p USING(project_id) JOIN roots r USING(trace_no)
        LEFT JOIN services s USING(service_id) LEFT JOIN models m USING(model_id)
        WHERE t.trace_no=?
        """

    /// The summary of one trace and when it was stored; nil when it is not there.
    static func fetch(_ db: Database, number: Int64) throws -> (summary: TraceSummary, storedAt: Int64)? {
        guard let row = try Row.fetchOne(db.cachedStatement(sql: sql), arguments: [number]) else { return nil }
        let id: Data = row["trace_id"]
        guard let traceID = TraceID(bytes: id) else { return nil }
        var summary = TraceSummary(
            number: number,
            project: row["project_name"],
            traceID: traceID,
            start: row["start_ns"],
            end: (row["start_ns"] as Int64) + (row["duration_ns"] as Int64),
            root: root(row)
        )
        summary.spanCount = row["span_count"]
        summary.errorCount = row["error_count"]
        summary.status = (row["status"] as Int) == 0 ? .ok : .error
        summary.marks = SpanMarks(rawValue: UInt16(truncatingIfNeeded: row["marks"] as Int64))
        summary.missingParents = row["missing_parents"]
        summary.isComplete = row["complete"]
        summary.service = row["service_name"]
        summary.session = row["session"]
        summary.user = row["user"]
        summary.isContentExpired = (row["content"] as Int) != 0
        if row["has_llm"] as Bool { summary.llm = try llm(db, row, number) }
        return (summary, row["stored_at"])
    }

    private static func root(_ row: Row) -> RootSpan {
        let truncated = (row["truncated"] as String?).flatMap { text in
            // Written by this program as an array of strings; damage shows as "nothing cut".
            try? JSONDecoder().decode([String].self, from: Data(text.utf8))
        }
        return RootSpan(
            spanID: SpanID(bytes: row["root_span_id"] as Data),
            name: row["root_name"],
            attributes: Array((row["attributes"] as String).utf8),
            truncated: truncated ?? [],
            isProvisional: row["provisional"]
        )
    }

    private static func llm(_ db: Database, _ row: Row, _ number: Int64) throws -> LLMSummary {
        var llm = LLMSummary()
        llm.model = row["model_name"]
        llm.tokensInput = row["tokens_input"]
        llm.tokensOutput = row["tokens_output"]
        llm.tokensCacheRead = row["tokens_cache_read"]
        llm.tokensCacheWrite = row["tokens_cache_write"]
        llm.tokensReasoning = row["tokens_reasoning"]
        llm.tokensEmbedding = row["tokens_embedding"]
        llm.cost = (row["cost"] as Int64?).map { PicoUSD($0) }
        llm.callsWithCost = row["calls_with_cost"]
        llm.calls = row["calls"]
        llm.errors = row["call_errors"]
        llm.timeToFirstToken = row["ttft_ns"]
        try addShares(to: &llm, db, number)
        return llm
    }

    /// Sums are taken in two parts, since SQLite's sum fails past 2^63.
    private static func parts(_ column: String) -> String {
        "count(\(column)), total(\(column) >> 20), sum(\(column) & 1048575)"
    }

    private static let sharesSQL = """
        SELECT m.name, v.name, count(*), \(parts("c.tokens_input")), \(parts("c.tokens_output")), \(parts("c.cost")),
            \(parts("c.cost_reported")), \(parts("c.cost_computed")), count(c.cost_charged),
            \(parts("ifnull(c.cost_reported, ifnull(c.cost_charged, c.cost_computed))"))
        FROM calls c LEFT JOIN models m USING(model_id) LEFT JOIN providers v USING(provider_id)
        WHERE c.call_id >= ? AND c.call_id < ? AND c.counted = 0
        GROUP BY c.model_id, c.provider_id ORDER BY min(c.created_ns), min(c.call_id)
        """

    /// Adds models and providers of the own calls of a trace, in order of first use, and their costs by source.
    private static func addShares(to llm: inout LLMSummary, _ db: Database, _ number: Int64) throws {
        let statement = try db.cachedStatement(sql: sharesSQL)
        let rows = try Row.fetchCursor(statement, arguments: [PartKey.first(of: number), PartKey.end(of: number)])
        var (isRepriced, charged) = (false, PicoUSD?.none)
        while let row = try rows.next() {
            if (row[18] as Int) > 0 { isRepriced = true }
            charged = charged.plus(sum(row, at: 19))
            if let provider = row[1] as String?, !llm.providers.contains(provider) { llm.providers.append(provider) }
            llm.costReported = llm.costReported.plus(sum(row, at: 12))
            llm.costComputed = llm.costComputed.plus(sum(row, at: 15))
            guard let name = row[0] as String? else { continue }
            let use = ModelUse(
                model: name,
                calls: row[2],
                tokensInput: sum(row, at: 3),
                tokensOutput: sum(row, at: 6),
                cost: sum(row, at: 9).map { PicoUSD($0) }
            )
            if let known = llm.models.firstIndex(where: { $0.model == name }) {
                llm.models[known].add(use)
            } else {
                llm.models.append(use)
            }
        }
        if isRepriced { llm.costCharged = charged }
    }

    /// The sum whose two parts follow its count; at the limit of the range when it is beyond, nil when nothing is known.
    private static func sum(_ row: Row, at column: Int) -> Int64? {
        guard (row[column] as Int) > 0 else { return nil }
        let high: Double = row[column + 1]
        // Below 2^43 the shifted part stays within the range.
        guard abs(high) < Double(1 << 43) else { return high < 0 ? .min : .max }
        return (Int64(high) << 20).saturatingSum(row[column + 2])
    }
}

extension PicoUSD? {
    /// The sum; unknown as long as neither is known.
    fileprivate func plus(_ amount: Int64?) -> PicoUSD? {
        guard let amount else { return self }
        return (self ?? PicoUSD(0)) + PicoUSD(amount)
    }
}

extension ModelUse {
    fileprivate mutating func add(_ other: ModelUse) {
        func sum(_ left: Int64?, _ right: Int64?) -> Int64? {
            left.map { $0.saturatingSum(right ?? 0) } ?? right
        }
        calls += other.calls
        tokensInput = sum(tokensInput, other.tokensInput)
        tokensOutput = sum(tokensOutput, other.tokensOutput)
        cost = cost.map { $0 + (other.cost ?? PicoUSD(0)) } ?? other.cost
    }
}
