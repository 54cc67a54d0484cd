// OTLPJSON.swift - lossless OTLP/JSON of stored spans.

public import COTLP

/// Lossless OTLP/JSON (OTLP 1.x, JSON Protobuf Encoding): ids as hex, enums as numbers, 64-bit integers as strings.
///
/// Fields at their default are left out, as proto3 JSON does; ids, name, kind and times of a span are always written.
public enum OTLPJSON {
    /// Appends one `Span` object.
    public static func append(_ span: UnsafePointer<OTLPSpan>, to json: inout [UInt8]) {
        let span = span.pointee
        json.append(raw: "{\"traceId\":")
        json.appendJSON(hex: UnsafeRawBufferPointer(span.trace_id))
        json.append(raw: ",\"spanId\":")
        json.appendJSON(hex: UnsafeRawBufferPointer(span.span_id))
        appendText(span.trace_state, as: ",\"traceState\":", to: &json)
        if span.parent_span_id.len > 0 {
            json.append(raw: ",\"parentSpanId\":")
            json.appendJSON(hex: UnsafeRawBufferPointer(span.parent_span_id))
        }
        json.append(raw: ",\"name\":")
        json.appendJSON(text: UnsafeRawBufferPointer(span.name))
        json.append(raw: ",\"kind\":")
        json.appendJSON(span.kind)
        appendTime(span.start_time_unix_nano, as: ",\"startTimeUnixNano\":", to: &json)
        appendTime(span.end_time_unix_nano, as: ",\"endTimeUnixNano\":", to: &json)
        appendAttributes(span.attributes, count: span.n_attributes, as: ",\"attributes\":", to: &json)
        appendCount(span.dropped_attributes_count, as: ",\"droppedAttributesCount\":", to: &json)
        appendEvents(span.events, count: span.n_events, to: &json)
        appendCount(span.dropped_events_count, as: ",\"droppedEventsCount\":", to: &json)
        appendLinks(span.links, count: span.n_links, to: &json)
        appendCount(span.dropped_links_count, as: ",\"droppedLinksCount\":", to: &json)
        appendStatus(span.status, to: &json)
        appendCount(span.flags, as: ",\"flags\":", to: &json)
        json.append(raw: "}")
    }

    /// Appends the members of a `ResourceSpans` object but `scopeSpans`, each with a comma after it.
    public static func appendMembers(of envelope: UnsafePointer<OTLPResourceSpans>, to json: inout [UInt8]) {
        if let resource = envelope.pointee.resource?.pointee {
            json.append(raw: "\"resource\":{")
            let start = json.count
            appendAttributes(resource.attributes, count: resource.n_attributes, as: ",\"attributes\":", to: &json)
            appendCount(resource.dropped_attributes_count, as: ",\"droppedAttributesCount\":", to: &json)
            appendEntities(resource.entity_refs, count: resource.n_entity_refs, to: &json)
            closeObject(from: start, in: &json)
            json.append(raw: ",")
        }
        appendSchema(envelope.pointee.schema_url, to: &json)
    }

    /// Appends the members of a `ScopeSpans` object but `spans`, each with a comma after it.
    public static func appendMembers(of envelope: UnsafePointer<OTLPScopeSpans>, to json: inout [UInt8]) {
        if let scope = envelope.pointee.scope?.pointee {
            json.append(raw: "\"scope\":{")
            let start = json.count
            appendText(scope.name, as: ",\"name\":", to: &json)
            appendText(scope.version, as: ",\"version\":", to: &json)
            appendAttributes(scope.attributes, count: scope.n_attributes, as: ",\"attributes\":", to: &json)
            appendCount(scope.dropped_attributes_count, as: ",\"droppedAttributesCount\":", to: &json)
            closeObject(from: start, in: &json)
            json.append(raw: ",")
        }
        appendSchema(envelope.pointee.schema_url, to: &json)
    }

    private static func appendSchema(_ url: ProtobufCBinaryData, to json: inout [UInt8]) {
        guard url.len > 0 else { return }
        json.append(raw: "\"schemaUrl\":")
        json.appendJSON(text: UnsafeRawBufferPointer(url))
        json.append(raw: ",")
    }

    private static func appendEvents(
        _ events: UnsafeMutablePointer<UnsafeMutablePointer<Opentelemetry__Proto__Trace__V1__Span__Event>?>?,
        count: Int,
        to json: inout [UInt8]
    ) {
        guard let events, count > 0 else { return }
        json.append(raw: ",\"events\":[")
        for index in 0..<count {
            guard let event = events[index]?.pointee else { continue }
            json.append(raw: index > 0 ? ",{" : "{")
            let start = json.count
            if event.time_unix_nano > 0 { appendTime(event.time_unix_nano, as: ",\"timeUnixNano\":", to: &json) }
            appendText(event.name, as: ",\"name\":", to: &json)
            appendAttributes(event.attributes, count: event.n_attributes, as: ",\"attributes\":", to: &json)
            appendCount(event.dropped_attributes_count, as: ",\"droppedAttributesCount\":", to: &json)
            closeObject(from: start, in: &json)
        }
        json.append(raw: "]")
    }

    private static func appendLinks(
        _ links: UnsafeMutablePointer<UnsafeMutablePointer<Opentelemetry__Proto__Trace__V1__Span__Link>?>?,
        count: Int,
        to json: inout [UInt8]
    ) {
        guard let links, count > 0 else { return }
        json.append(raw: ",\"links\":[")
        for index in 0..<count {
            guard let link = links[index]?.pointee else { continue }
            json.append(raw: index > 0 ? ",{" : "{")
            json.append(raw: "\"traceId\":")
            json.appendJSON(hex: UnsafeRawBufferPointer(link.trace_id))
            json.append(raw: ",\"spanId\":")
            json.appendJSON(hex: UnsafeRawBufferPointer(link.span_id))
            appendText(link.trace_state, as: ",\"traceState\":", to: &json)
            appendAttributes(link.attributes, count: link.n_attributes, as: ",\"attributes\":", to: &json)
            appendCount(link.dropped_attributes_count, as: ",\"droppedAttributesCount\":", to: &json)
            appendCount(link.flags, as: ",\"flags\":", to: &json)
            json.append(raw: "}")
        }
        json.append(raw: "]")
    }

    private static func appendStatus(
        _ status: UnsafeMutablePointer<Opentelemetry__Proto__Trace__V1__Status>?,
        to json: inout [UInt8]
    ) {
        guard let status = status?.pointee else { return }
        json.append(raw: ",\"status\":{")
        let start = json.count
        appendText(status.message, as: ",\"message\":", to: &json)
        if status.code != 0 {
            json.append(raw: ",\"code\":")
            json.appendJSON(status.code)
        }
        closeObject(from: start, in: &json)
    }

    static func appendTime(_ nanoseconds: UInt64, as name: StaticString, to json: inout [UInt8]) {
        json.append(raw: name)
        json.append(raw: "\"")
        json.appendJSON(nanoseconds)
        json.append(raw: "\"")
    }
}
