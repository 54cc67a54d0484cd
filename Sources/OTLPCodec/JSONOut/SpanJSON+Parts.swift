// SpanJSON+Parts.swift - the parts of a span's query form: attributes, call, warnings.

import COTLP
public import TraceModel

extension SpanJSON {
    /// Appends `,"warnings":[...]`, or nothing when there are none.
    public static func appendWarnings(_ warnings: [String], to json: inout [UInt8]) {
        guard !warnings.isEmpty else { return }
        json.append(raw: ",\"warnings\":")
        json.appendJSON(texts: warnings)
    }

    /// Appends `"attributes":{...}`, followed by what was left out of it.
    static func appendAttributes(
        _ attributes: UnsafeMutablePointer<UnsafeMutablePointer<OTLPKeyValue>?>?,
        count: Int,
        detail: SpanDetail,
        to json: inout [UInt8]
    ) {
        json.append(raw: "\"attributes\":")
        let cut = AttributeJSON.append(attributes, count: count, cuttingAt: detail.longestValue, to: &json)
        if !cut.isEmpty {
            json.append(raw: ",\"truncated\":")
            json.appendJSON(texts: cut)
        }
        if detail == .summary, count > AttributeJSON.mostWhenCutting {
            json.append(raw: ",\"attribute_count\":")
            json.appendJSON(count)
        }
    }

    /// Appends a number under a name, or nothing for 0.
    static func appendCount(_ count: UInt32, as name: StaticString, to json: inout [UInt8]) {
        guard count > 0 else { return }
        json.append(raw: name)
        json.appendJSON(count)
    }

    /// Appends a string under a name, or nothing for an empty one.
    static func appendText(_ text: ProtobufCBinaryData, as name: StaticString, to json: inout [UInt8]) {
        guard text.len > 0 else { return }
        json.append(raw: name)
        json.appendJSON(text: UnsafeRawBufferPointer(text))
    }

    /// Appends `,"llm":{...`, without its closing brace: the canonical record, and how it is counted.
    static func appendCall(_ call: SpanPlace.Call, to json: inout [UInt8]) {
        let record = call.record
        json.append(raw: ",\"llm\":{\"kind\":")
        json.appendJSON(record.role.name)
        json.append(raw: ",\"operation\":")
        json.appendJSON(record.operation)
        json.append(raw: ",\"provider\":")
        json.appendJSON(record.provider)
        json.append(raw: ",\"model\":")
        json.appendJSON(record.model)
        json.append(raw: ",\"request_model\":")
        json.appendJSON(record.requestModel)
        json.append(raw: ",\"response_model\":")
        json.appendJSON(record.responseModel)
        appendUsage(record.usage, to: &json)
        json.append(raw: ",\"cost_usd\":")
        json.appendJSON(record.cost)
        json.append(raw: ",\"cost_source\":")
        json.appendJSON(record.costReported != nil ? "reported" : record.costComputed != nil ? "computed" : "unknown")
        json.append(raw: ",\"cost_computed_usd\":")
        json.appendJSON(record.costComputed)
        json.append(raw: ",\"cost_charged_usd\":")
        json.appendJSON(call.costCharged ?? record.costComputed)
        json.append(raw: ",\"price\":")
        // Written by this program, as JSON.
        json.append(contentsOf: record.costComputed == nil ? Array("null".utf8) : Array((record.price ?? "null").utf8))
        json.append(raw: ",\"response_id\":")
        json.appendJSON(record.responseID)
        json.append(raw: ",\"request_id\":")
        json.appendJSON(record.requestID)
        json.append(raw: ",\"finish_reasons\":")
        json.appendJSON(texts: record.finishReasons.array)
        json.append(raw: ",\"ttft_ms\":")
        json.appendJSON(milliseconds: record.timeToFirstToken)
        json.append(raw: ",\"streaming\":")
        if let isStreaming = record.isStreaming { json.appendJSON(isStreaming) } else { json.append(raw: "null") }
        json.append(raw: ",\"error_type\":")
        json.appendJSON(record.errorType)
        json.append(raw: ",\"service_tier\":")
        json.appendJSON(record.serviceTier)
        json.append(raw: ",\"session_id\":")
        json.appendJSON(call.session)
        json.append(raw: ",\"user_id\":")
        json.appendJSON(call.user)
        json.append(raw: ",\"counted\":")
        json.appendJSON(call.scope.name)
        json.append(raw: ",\"counted_rule\":")
        json.appendJSON(call.rule.name)
        json.append(raw: ",\"counted_spans\":")
        json.appendJSON(texts: call.concerned.map(\.hex))
        if call.isConcernedCut { json.append(raw: ",\"counted_spans_cut\":true") }
        appendReferences(call.elsewhere, to: &json)
    }

    /// Appends `,"also_in":[...]`: the spans of other traces, or nothing when there are none.
    private static func appendReferences(_ spans: [SpanReference], to json: inout [UInt8]) {
        guard !spans.isEmpty else { return }
        json.append(raw: ",\"also_in\":[")
        for (index, span) in spans.enumerated() {
            json.append(raw: index > 0 ? ",{\"trace_id\":" : "{\"trace_id\":")
            json.appendJSON(span.traceID.hex)
            json.append(raw: ",\"span_id\":")
            json.appendJSON(span.spanID.hex)
            json.append(raw: "}")
        }
        json.append(raw: "]")
    }

    private static func appendUsage(_ usage: TokenUsage, to json: inout [UInt8]) {
        json.append(raw: ",\"input_tokens\":")
        json.appendJSON(usage.input)
        json.append(raw: ",\"output_tokens\":")
        json.appendJSON(usage.output)
        json.append(raw: ",\"cache_read_tokens\":")
        json.appendJSON(usage.cacheRead)
        json.append(raw: ",\"cache_write_tokens\":")
        json.appendJSON(usage.cacheWrite)
        json.append(raw: ",\"cache_write_1h_tokens\":")
        json.appendJSON(usage.cacheWriteOneHour)
        json.append(raw: ",\"reasoning_tokens\":")
        json.appendJSON(usage.reasoning)
        json.append(raw: ",\"audio_input_tokens\":")
        json.appendJSON(usage.audioInput)
        json.append(raw: ",\"audio_output_tokens\":")
        json.appendJSON(usage.audioOutput)
    }
}

extension [UInt8] {
    /// Appends a list of JSON strings.
    public mutating func appendJSON(texts: [String]) {
        append(UInt8(ascii: "["))
        for (index, text) in texts.enumerated() {
            if index > 0 { append(UInt8(ascii: ",")) }
            appendJSON(text)
        }
        append(UInt8(ascii: "]"))
    }

    /// Appends money as an exact number of USD, or `null` for nil.
    public mutating func appendJSON(_ cost: PicoUSD?) {
        guard let cost else { return append(raw: "null") }
        var decimal = cost.decimal
        decimal.withUTF8 { append(contentsOf: $0) }
    }
}
