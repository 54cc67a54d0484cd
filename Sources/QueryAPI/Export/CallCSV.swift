// CallCSV.swift - calls as a table.

import OTLPCodec
import TraceModel
import TraceStore

/// One call a row.
enum CallCSV: CallExport {
    static let type = ExportType.csv
    static let head = CSVRow.head([
        "request_id", "trace_id", "span_id", "created_at", "model", "provider", "status", "tokens_in", "tokens_out",
        "cost_usd", "latency_ms", "counted",
    ])

    static func append(_ call: CallRow, isCounted: Bool, to text: inout [UInt8]) {
        var row = CSVRow()
        row.add(CallID(call).text)
        row.add(json: { $0.appendJSON(call.traceID.hex) })
        row.add(json: { $0.appendJSON(call.spanID.hex) })
        row.add(json: { $0.appendJSON(time: call.start) })
        row.add(call.model)
        row.add(call.provider)
        row.add(call.status.rawValue)
        row.add(call.tokensInput)
        row.add(call.tokensOutput)
        row.add(call.cost)
        row.add(json: { $0.appendJSON(milliseconds: call.duration) })
        row.add(call.scope.name)
        row.end()
        text.append(contentsOf: row.bytes)
    }
}
