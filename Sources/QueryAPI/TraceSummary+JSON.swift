// TraceSummary+JSON.swift - a trace as lists and details show it.

import OTLPCodec
import TraceModel
import TraceStore

extension TraceSummary {
    /// Appends one row of a list.
    func appendRow(to json: inout [UInt8]) {
        json.append(raw: "{")
        appendMembers(to: &json)
        SpanJSON.appendWarnings(warnings, to: &json)
        json.append(raw: "}")
    }

    /// Appends the members of a detail that stand before its spans.
    ///
    /// The projects are the others that have the same trace id.
    func appendDetail(alsoIn projects: [String], to json: inout [UInt8]) {
        appendMembers(to: &json)
        json.append(raw: ",\"missing_parents\":")
        json.appendJSON(missingParents)
        json.append(raw: ",\"warnings\":")
        json.appendJSON(texts: warnings)
        guard !projects.isEmpty else { return }
        json.append(raw: ",\"also_in_projects\":")
        json.appendJSON(texts: projects)
    }

    /// The short names of what is odd about it.
    var warnings: [String] {
        marks.warnings + (missingParents > 0 ? [Self.missingParentWarning] : [])
    }

    /// The short name of a parent that is not there.
    static var missingParentWarning: String { "parent_missing" }

    private func appendMembers(to json: inout [UInt8]) {
        json.append(raw: "\"trace_id\":")
        json.appendJSON(traceID.hex)
        json.append(raw: ",\"start_time\":")
        json.appendJSON(time: start)
        json.append(raw: ",\"end_time\":")
        json.appendJSON(time: end)
        json.append(raw: ",\"duration_ms\":")
        json.appendJSON(milliseconds: max(0, end - start))
        json.append(raw: ",\"status\":")
        json.appendJSON(status.rawValue)
        json.append(raw: ",\"span_count\":")
        json.appendJSON(spanCount)
        json.append(raw: ",\"error_count\":")
        json.appendJSON(errorCount)
        json.append(raw: ",\"complete\":")
        json.appendJSON(isComplete)
        json.append(raw: ",\"project\":")
        json.appendJSON(project)
        json.append(raw: ",\"service\":")
        json.appendJSON(service)
        json.append(raw: ",\"session_id\":")
        json.appendJSON(session)
        json.append(raw: ",\"user_id\":")
        json.appendJSON(user)
        if isContentExpired { json.append(raw: ",\"content\":\"expired\"") }
        json.append(raw: ",\"root_span\":")
        root.append(to: &json)
        json.append(raw: ",\"llm_summary\":")
        if let llm { llm.append(to: &json) } else { json.append(raw: "null") }
    }
}

extension RootSpan {
    fileprivate func append(to json: inout [UInt8]) {
        json.append(raw: "{\"span_id\":")
        json.appendJSON(spanID.hex)
        json.append(raw: ",\"name\":")
        json.appendJSON(name)
        json.append(raw: ",\"attributes\":")
        if attributes.isEmpty { json.append(raw: "{}") } else { json.append(contentsOf: attributes) }
        if !truncated.isEmpty {
            json.append(raw: ",\"truncated\":")
            json.appendJSON(texts: truncated)
        }
        if isProvisional { json.append(raw: ",\"provisional\":true") }
        json.append(raw: "}")
    }
}

extension LLMSummary {
    fileprivate func append(to json: inout [UInt8]) {
        json.append(raw: "{\"model\":")
        json.appendJSON(model)
        json.append(raw: ",\"tokens_input\":")
        json.appendJSON(tokensInput)
        json.append(raw: ",\"tokens_output\":")
        json.appendJSON(tokensOutput)
        json.append(raw: ",\"cost\":")
        json.appendJSON(cost)
        appendModels(to: &json)
        json.append(raw: ",\"providers\":")
        json.appendJSON(texts: providers)
        json.append(raw: ",\"tokens_cache_read\":")
        json.appendJSON(tokensCacheRead)
        json.append(raw: ",\"tokens_cache_write\":")
        json.appendJSON(tokensCacheWrite)
        json.append(raw: ",\"tokens_reasoning\":")
        json.appendJSON(tokensReasoning)
        json.append(raw: ",\"tokens_embedding\":")
        json.appendJSON(tokensEmbedding)
        json.append(raw: ",\"cost_reported\":")
        json.appendJSON(costReported)
        json.append(raw: ",\"cost_computed\":")
        json.appendJSON(costComputed)
        if let costCharged {
            json.append(raw: ",\"cost_charged\":")
            json.appendJSON(costCharged)
        }
        json.append(raw: ",\"cost_complete\":")
        json.appendJSON(callsWithCost == calls)
        json.append(raw: ",\"calls\":")
        json.appendJSON(calls)
        json.append(raw: ",\"errors\":")
        json.appendJSON(errors)
        json.append(raw: ",\"time_to_first_token_ms\":")
        json.appendJSON(milliseconds: timeToFirstToken)
        json.append(raw: "}")
    }

    private func appendModels(to json: inout [UInt8]) {
        json.append(raw: ",\"models\":[")
        for (index, use) in models.enumerated() {
            json.append(raw: index > 0 ? ",{\"model\":" : "{\"model\":")
            json.appendJSON(use.model)
            json.append(raw: ",\"calls\":")
            json.appendJSON(use.calls)
            json.append(raw: ",\"tokens_input\":")
            json.appendJSON(use.tokensInput)
            json.append(raw: ",\"tokens_output\":")
            json.appendJSON(use.tokensOutput)
            json.append(raw: ",\"cost\":")
            json.appendJSON(use.cost)
            json.append(raw: "}")
        }
        json.append(raw: "]")
    }
}
