// OTLPJSON+Logs.swift - lossless OTLP/JSON of stored log records.

import COTLP

extension OTLPJSON {
    /// Appends one `LogRecord` object; fields at their default are left out.
    static func append(_ record: UnsafePointer<OTLPLogRecord>, to json: inout [UInt8]) {
        let record = record.pointee
        json.append(raw: "{")
        let start = json.count
        if record.time_unix_nano > 0 { appendTime(record.time_unix_nano, as: ",\"timeUnixNano\":", to: &json) }
        if record.observed_time_unix_nano > 0 {
            appendTime(record.observed_time_unix_nano, as: ",\"observedTimeUnixNano\":", to: &json)
        }
        if record.severity_number != 0 {
            json.append(raw: ",\"severityNumber\":")
            json.appendJSON(record.severity_number)
        }
        appendText(record.severity_text, as: ",\"severityText\":", to: &json)
        if let body = record.body {
            json.append(raw: ",\"body\":")
            append(body, to: &json)
        }
        appendAttributes(record.attributes, count: record.n_attributes, as: ",\"attributes\":", to: &json)
        appendCount(record.dropped_attributes_count, as: ",\"droppedAttributesCount\":", to: &json)
        appendCount(record.flags, as: ",\"flags\":", to: &json)
        if record.trace_id.len > 0 {
            json.append(raw: ",\"traceId\":")
            json.appendJSON(hex: UnsafeRawBufferPointer(record.trace_id))
        }
        if record.span_id.len > 0 {
            json.append(raw: ",\"spanId\":")
            json.appendJSON(hex: UnsafeRawBufferPointer(record.span_id))
        }
        appendText(record.event_name, as: ",\"eventName\":", to: &json)
        closeObject(from: start, in: &json)
    }
}
