// TreeSamples.swift - answers of the API to draw.

import Foundation
import TraceModel

@testable import TerminalText

/// A span as the API shows it, in few words.
struct SampleNode {
    var id: Int
    var parent: Int?
    var name: String
    /// Milliseconds from the start of the trace.
    var from = 0
    var to = 1
    var status = "UNSET"
    var llm = "null"

    var json: String {
        let second = 1_700_000_000_000
        return """
            {"span_id":"\(id)","parent_span_id":\(parent.map { "\"\($0)\"" } ?? "null"),"name":"\(name)",
            "start_time_unix_nano":"\(second + from)000000","end_time_unix_nano":"\(second + to)000000",
            "status":{"code":"\(status)"},"llm":\(llm)}
            """
    }

    static func call(_ input: Int, _ output: Int, _ cost: String, counted: String = "own", model: String = "gpt-4")
        -> String
    {
        """
        {"model":"\(model)","input_tokens":\(input),"output_tokens":\(output),"cost_usd":\(cost),"counted":"\(counted)",
        "error_type":null}
        """
    }
}

extension TraceTree {
    static func sample(_ nodes: [SampleNode], summary: String = "null") -> TraceTree? {
        let text = """
            {"data":{"trace_id":"0123456789abcdef0123456789abcdef","start_time":"2023-11-14T22:13:20.000Z","duration_ms":1000,
            "status":"ok","span_count":\(nodes.count),"error_count":0,"complete":true,"project":"default","service":"shop",
            "session_id":null,"user_id":"u-1","root_span":{"name":"\(nodes.first?.name ?? "")"},"llm_summary":\(summary),
            "warnings":[],"spans":[\(nodes.map(\.json).joined(separator: ","))]}}
            """
        return APIJSON.read(Array(text.utf8)).flatMap { TraceTree($0) }
    }

    /// The lines of its spans.
    func lines(width: Int?, isUnfolded: Bool = false) -> [String] {
        let text = text(TextPlace(width: width), isUnfolded: isUnfolded)
        guard let gap = text.range(of: "\n\n") else { return [] }
        return text[gap.upperBound...].split(separator: "\n").map(String.init)
    }
}
