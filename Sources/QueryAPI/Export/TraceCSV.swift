// TraceCSV.swift - traces as a table.

import Hummingbird
import OTLPCodec
import TraceModel
import TraceStore

/// One trace a row, from what lists show; its spans are not read.
struct TraceCSV: TraceExport {
    let head = CSVRow.head([
        "trace_id", "project", "start_time", "end_time", "duration_ms", "status", "complete", "span_count",
        "error_count", "service", "session_id", "user_id", "root_span_id", "name", "model", "models", "providers",
        "calls", "call_errors", "tokens_input", "tokens_output", "tokens_cache_read", "tokens_cache_write",
        "tokens_reasoning", "tokens_embedding", "cost", "cost_reported", "cost_computed", "cost_complete",
        "time_to_first_token_ms", "warnings",
    ])

    func bytes(for summary: TraceSummary) -> Int { 0 }

    func append(
        _ summary: TraceSummary,
        to chunks: inout JSONChunks,
        writer: inout any ResponseBodyWriter
    ) async throws {
        var row = CSVRow()
        row.add(json: { $0.appendJSON(summary.traceID.hex) })
        row.add(summary.project)
        row.add(json: { $0.appendJSON(time: summary.start) })
        row.add(json: { $0.appendJSON(time: summary.end) })
        row.add(json: { $0.appendJSON(milliseconds: max(0, summary.end - summary.start)) })
        row.add(summary.status.rawValue)
        row.add(json: { $0.appendJSON(summary.isComplete) })
        row.add(summary.spanCount)
        row.add(summary.errorCount)
        row.add(summary.service)
        row.add(summary.session)
        row.add(summary.user)
        row.add(json: { $0.appendJSON(summary.root.spanID.hex) })
        row.add(summary.root.name)
        Self.append(summary.llm, to: &row)
        row.add(summary.warnings)
        row.end()
        chunks.json.append(contentsOf: row.bytes)
    }

    private static func append(_ llm: LLMSummary?, to row: inout CSVRow) {
        row.add(llm?.model)
        row.add(llm?.models.map(\.model) ?? [])
        row.add(llm?.providers ?? [])
        row.add(llm?.calls ?? 0)
        row.add(llm?.errors ?? 0)
        row.add(llm?.tokensInput)
        row.add(llm?.tokensOutput)
        row.add(llm?.tokensCacheRead)
        row.add(llm?.tokensCacheWrite)
        row.add(llm?.tokensReasoning)
        row.add(llm?.tokensEmbedding)
        row.add(llm?.cost)
        row.add(llm?.costReported)
        row.add(llm?.costComputed)
        row.add(json: { json in
            guard let llm else { return }
            json.appendJSON(llm.callsWithCost == llm.calls)
        })
        row.add(json: { $0.appendJSON(milliseconds: llm?.timeToFirstToken) })
    }
}
