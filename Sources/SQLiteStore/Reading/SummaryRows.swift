// SummaryRows.swift - rows of `traces` and `roots` to summaries.

import Foundation
import GRDB
import TraceModel
import TraceStore

/// Reads summaries by trace number.
enum SummaryRows {
    private static let sql = """
        SELECT t.trace_id, t.stored_at, t.start_ns, t.duration_ns, t.span_count, t.error_count, t.status, t.marks,
            t.missing_parents, t.complete, t.content, p.name, s.name,
            t.has_llm, m.name, t.tokens_input, t.tokens_output, t.tokens_cache_read, t.tokens_cache_write,
            t.tokens_reasoning, t.tokens_embedding, t.cost, t.calls_with_cost, t.calls, t.call_errors, t.ttft_ns,
            r.span_id, r.provisional, r.name, r.attributes, r.truncated, r.session, r.user
        FROM traces t JOIN projects p USING(project_id) JOIN roots r USING(trace_no)
        LEFT JOIN services s USING(service_id) LEFT JOIN models m USING(model_id)
        WHERE t.trace_no=?
        """

    /// The places of the columns above: to look one up by its name takes as long as to read the row.
    private enum Column {
        static let (traceID, storedAt, start, duration, spanCount, errorCount, status, marks) = (0, 1, 2, 3, 4, 5, 6, 7)
        static let (missingParents, isComplete, content, project, service) = (8, 9, 10, 11, 12)
        static let (hasLLM, model, tokensInput, tokensOutput, tokensCacheRead) = (13, 14, 15, 16, 17)
        static let (tokensCacheWrite, tokensReasoning, tokensEmbedding, cost) = (18, 19, 20, 21)
        static let (callsWithCost, calls, callErrors, timeToFirstToken) = (22, 23, 24, 25)
        static let (rootSpanID, isProvisional, rootName, attributes, truncated) = (26, 27, 28, 29, 30)
        static let (session, user) = (31, 32)
    }

    /// The summary of one trace and when it was stored; nil when it is not there.
    static func fetch(_ db: Database, number: Int64) throws -> (summary: TraceSummary, storedAt: Int64)? {
        guard let row = try Row.fetchOne(db.cachedStatement(sql: sql), arguments: [number]) else { return nil }
        let id: Data = row[Column.traceID]
        guard let traceID = TraceID(bytes: id) else { return nil }
        var summary = TraceSummary(
            number: number,
            project: row[Column.project],
            traceID: traceID,
            start: row[Column.start],
            end: (row[Column.start] as Int64) + (row[Column.duration] as Int64),
            root: root(row)
        )
        summary.spanCount = row[Column.spanCount]
        summary.errorCount = row[Column.errorCount]
        summary.status = (row[Column.status] as Int) == 0 ? .ok : .error
        summary.marks = SpanMarks(rawValue: UInt16(truncatingIfNeeded: row[Column.marks] as Int64))
        summary.missingParents = row[Column.missingParents]
        summary.isComplete = row[Column.isComplete]
        summary.service = row[Column.service]
        summary.session = row[Column.session]
        summary.user = row[Column.user]
        summary.isContentExpired = (row[Column.content] as Int) != 0
        if row[Column.hasLLM] as Bool { summary.llm = try llm(db, row, number) }
        return (summary, row[Column.storedAt])
    }

    private static func root(_ row: Row) -> RootSpan {
        let truncated = (row[Column.truncated] as String?).flatMap { text in
            // Written by this program as an array of strings; damage shows as "nothing cut".
            try? JSONDecoder().decode([String].self, from: Data(text.utf8))
        }
        return RootSpan(
            spanID: SpanID(bytes: row[Column.rootSpanID] as Data),
            name: row[Column.rootName],
            attributes: Array((row[Column.attributes] as String).utf8),
            truncated: truncated ?? [],
            isProvisional: row[Column.isProvisional]
        )
    }

    private static func llm(_ db: Database, _ row: Row, _ number: Int64) throws -> LLMSummary {
        var llm = LLMSummary()
        llm.model = row[Column.model]
        llm.tokensInput = row[Column.tokensInput]
        llm.tokensOutput = row[Column.tokensOutput]
        llm.tokensCacheRead = row[Column.tokensCacheRead]
        llm.tokensCacheWrite = row[Column.tokensCacheWrite]
        llm.tokensReasoning = row[Column.tokensReasoning]
        llm.tokensEmbedding = row[Column.tokensEmbedding]
        llm.cost = (row[Column.cost] as Int64?).map { PicoUSD($0) }
        llm.callsWithCost = row[Column.callsWithCost]
        llm.calls = row[Column.calls]
        llm.errors = row[Column.callErrors]
        llm.timeToFirstToken = row[Column.timeToFirstToken]
        try addShares(to: &llm, db, number)
        return llm
    }

    /// Sums are taken in two parts, since SQLite's sum fails past 2^63.
    static func parts(_ column: String) -> String {
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
    static func sum(_ row: Row, at column: Int) -> Int64? {
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
