// SpanJSON.swift - one span in the form that queries answer.

public import COTLP
import TraceModel

/// How much of a span is written.
public enum SpanDetail: Sendable, Equatable {
    /// Everything.
    case full
    /// Attribute values over 256 bytes cut, events and links only counted.
    case summary

    /// Longest attribute value in bytes; nil for no limit.
    public var longestValue: Int? { self == .summary ? 256 : nil }
}

/// Spans in the form that queries answer: plain values, original attribute names.
///
/// Each function appends members with a comma after each but the last, without the braces around them, so that callers
/// can add members of their own.
public enum SpanJSON {
    /// Appends what a span holds of LLM content, each member with a comma before it.
    ///
    /// Takes the span, and whether the members go into its `llm` object or else into the span itself.
    public typealias Content = (UnsafePointer<OTLPSpan>, Bool, inout [UInt8]) -> Void

    /// Appends the members of a span except `resource` and `scope`.
    ///
    /// - Parameters:
    ///   - span: The decoded span.
    ///   - place: What the store knows of it.
    ///   - detail: How much is written.
    ///   - content: Appends its content where everything is written; nil for none.
    ///   - json: Where to append.
    public static func appendMembers(
        of span: UnsafePointer<OTLPSpan>,
        at place: SpanPlace,
        detail: SpanDetail,
        content: Content? = nil,
        to json: inout [UInt8]
    ) {
        appendIdentity(of: place, to: &json)
        json.append(raw: ",\"name\":")
        json.appendJSON(text: UnsafeRawBufferPointer(span.pointee.name))
        appendKind(span.pointee.kind, to: &json)
        appendStatus(span.pointee.status, to: &json)
        json.append(raw: ",")
        appendAttributes(span.pointee.attributes, count: span.pointee.n_attributes, detail: detail, to: &json)
        appendCount(span.pointee.dropped_attributes_count, as: ",\"dropped_attributes_count\":", to: &json)
        if detail == .full {
            json.append(raw: ",\"events\":")
            appendEvents(of: span, to: &json)
            json.append(raw: ",\"links\":")
            appendLinks(of: span, to: &json)
        } else {
            json.append(raw: ",\"event_count\":")
            json.appendJSON(span.pointee.n_events)
            json.append(raw: ",\"link_count\":")
            json.appendJSON(span.pointee.n_links)
        }
        appendCount(span.pointee.dropped_events_count, as: ",\"dropped_events_count\":", to: &json)
        appendCount(span.pointee.dropped_links_count, as: ",\"dropped_links_count\":", to: &json)
        appendText(span.pointee.trace_state, as: ",\"trace_state\":", to: &json)
        appendCount(span.pointee.flags, as: ",\"flags\":", to: &json)
        if let call = place.call { appendCall(call, to: &json) }
        if detail == .full { content?(span, place.call != nil, &json) }
        if place.call != nil { json.append(raw: "}") }
        if place.marks.contains(.synthesized) { json.append(raw: ",\"synthesized\":true") }
        appendWarnings(place.warnings, to: &json)
    }

    /// Appends the members that are known without the bytes of the span: ids and times.
    public static func appendIdentity(of place: SpanPlace, to json: inout [UInt8]) {
        json.append(raw: "\"span_id\":")
        json.appendJSON(place.spanID.hex)
        json.append(raw: ",\"parent_span_id\":")
        json.appendJSON(place.parentID.isNone ? nil : place.parentID.hex)
        json.append(raw: ",\"start_time\":")
        json.appendJSON(time: place.start)
        json.append(raw: ",\"end_time\":")
        json.appendJSON(time: place.end)
        json.append(raw: ",\"duration_ms\":")
        json.appendJSON(milliseconds: max(0, place.end - place.start))
        json.append(raw: ",\"start_time_unix_nano\":\"")
        json.appendJSON(place.start)
        json.append(raw: "\",\"end_time_unix_nano\":\"")
        json.appendJSON(place.end)
        json.append(raw: "\"")
    }

    /// Appends the members of a resource.
    public static func appendMembers(
        of envelope: UnsafePointer<OTLPResourceSpans>,
        detail: SpanDetail,
        to json: inout [UInt8]
    ) {
        let resource = envelope.pointee.resource
        appendAttributes(
            resource?.pointee.attributes,
            count: resource?.pointee.n_attributes ?? 0,
            detail: detail,
            to: &json
        )
        appendCount(
            resource?.pointee.dropped_attributes_count ?? 0,
            as: ",\"dropped_attributes_count\":",
            to: &json
        )
        appendText(envelope.pointee.schema_url, as: ",\"schema_url\":", to: &json)
    }

    /// Appends the members of an instrumentation scope.
    public static func appendMembers(
        of envelope: UnsafePointer<OTLPScopeSpans>,
        detail: SpanDetail,
        to json: inout [UInt8]
    ) {
        let scope = envelope.pointee.scope
        json.append(raw: "\"name\":")
        json.appendJSON(text: UnsafeRawBufferPointer(scope?.pointee.name ?? ProtobufCBinaryData()))
        json.append(raw: ",\"version\":")
        json.appendJSON(text: UnsafeRawBufferPointer(scope?.pointee.version ?? ProtobufCBinaryData()))
        json.append(raw: ",")
        appendAttributes(scope?.pointee.attributes, count: scope?.pointee.n_attributes ?? 0, detail: detail, to: &json)
        appendCount(scope?.pointee.dropped_attributes_count ?? 0, as: ",\"dropped_attributes_count\":", to: &json)
        appendText(envelope.pointee.schema_url, as: ",\"schema_url\":", to: &json)
    }

    private static func appendKind(_ kind: Int32, to json: inout [UInt8]) {
        json.append(raw: ",\"kind\":")
        if let name = SpanNames.kind(kind) { json.appendJSON(name) } else { json.appendJSON(kind) }
    }

    private static func appendStatus(
        _ status: UnsafeMutablePointer<Opentelemetry__Proto__Trace__V1__Status>?,
        to json: inout [UInt8]
    ) {
        json.append(raw: ",\"status\":{\"code\":")
        let code = status?.pointee.code ?? 0
        if let name = SpanNames.status(code) { json.appendJSON(name) } else { json.appendJSON(code) }
        if let status { appendText(status.pointee.message, as: ",\"message\":", to: &json) }
        json.append(raw: "}")
    }

    /// Appends the events of a span, a JSON array.
    public static func appendEvents(of span: UnsafePointer<OTLPSpan>, to json: inout [UInt8]) {
        json.append(raw: "[")
        for index in 0..<span.pointee.n_events {
            guard let event = span.pointee.events[index]?.pointee else { continue }
            if index > 0 { json.append(UInt8(ascii: ",")) }
            json.append(raw: "{\"name\":")
            json.appendJSON(text: UnsafeRawBufferPointer(event.name))
            json.append(raw: ",\"time\":")
            json.appendJSON(time: Int64(clamping: event.time_unix_nano))
            json.append(raw: ",\"time_unix_nano\":\"")
            json.appendJSON(event.time_unix_nano)
            json.append(raw: "\",")
            appendAttributes(event.attributes, count: event.n_attributes, detail: .full, to: &json)
            appendCount(event.dropped_attributes_count, as: ",\"dropped_attributes_count\":", to: &json)
            json.append(raw: "}")
        }
        json.append(raw: "]")
    }

    /// Appends the links of a span, a JSON array.
    public static func appendLinks(of span: UnsafePointer<OTLPSpan>, to json: inout [UInt8]) {
        json.append(raw: "[")
        for index in 0..<span.pointee.n_links {
            guard let link = span.pointee.links[index]?.pointee else { continue }
            if index > 0 { json.append(UInt8(ascii: ",")) }
            json.append(raw: "{\"trace_id\":")
            json.appendJSON(hex: UnsafeRawBufferPointer(link.trace_id))
            json.append(raw: ",\"span_id\":")
            json.appendJSON(hex: UnsafeRawBufferPointer(link.span_id))
            json.append(raw: ",\"trace_state\":")
            json.appendJSON(text: UnsafeRawBufferPointer(link.trace_state))
            json.append(raw: ",")
            appendAttributes(link.attributes, count: link.n_attributes, detail: .full, to: &json)
            appendCount(link.dropped_attributes_count, as: ",\"dropped_attributes_count\":", to: &json)
            appendCount(link.flags, as: ",\"flags\":", to: &json)
            json.append(raw: "}")
        }
        json.append(raw: "]")
    }
}
