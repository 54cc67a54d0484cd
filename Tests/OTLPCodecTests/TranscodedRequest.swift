// TranscodedRequest.swift - what a transcoded body says, read back by protobuf-c and written as one line of text.

import COTLP
import OTLPCodec
import Testing
import TraceModel

/// Transcodes a text and gives the protobuf bytes.
func transcodedBytes(_ json: String, limit: Int = 1 << 20) throws(OTLPCodecError) -> [UInt8] {
    try transcodedBytes(Array(json.utf8), limit: limit)
}

/// Transcodes bytes from a block of exactly their size.
func transcodedBytes(_ json: [UInt8], limit: Int = 1 << 20) throws(OTLPCodecError) -> [UInt8] {
    try json.withUnsafeBufferPointer { (body) throws(OTLPCodecError) in
        let storage = try JSONTranscoder.transcode(UnsafeRawBufferPointer(body), limit: limit)
        return withExtendedLifetime(storage) { Array(storage.bytes) }
    }
}

/// The message of the error that a text is refused with; nil when it is not.
func transcodingFault(_ json: String) -> String? {
    do {
        _ = try transcodedBytes(json)
        return nil
    } catch {
        return error.message
    }
}

/// Transcodes a whole request and describes it.
func transcoded(_ json: String) throws -> String {
    let bytes = try transcodedBytes(json, limit: 1 << 26)
    let request = try #require(
        opentelemetry__proto__collector__trace__v1__export_trace_service_request__unpack(nil, bytes.count, bytes),
        "protobuf-c reads what was transcoded"
    )
    defer {
        opentelemetry__proto__collector__trace__v1__export_trace_service_request__free_unpacked(request, nil)
    }
    return list(request.pointee.resource_spans, request.pointee.n_resource_spans, describe)
}

/// Transcodes a request of one span, given as the members of its object, and describes the span.
func transcodedSpan(_ members: String) throws -> String {
    let text = try transcoded(#"{"resourceSpans":[{"scopeSpans":[{"spans":[{\#(members)}]}]}]}"#)
    let prefix = "[{scopes=[{spans=[{"
    try #require(text.hasPrefix(prefix) && text.hasSuffix("}]}]}]"))
    return String(text.dropFirst(prefix.count).dropLast("}]}]}]".count))
}

/// Transcodes one attribute value and describes it.
func transcodedValue(_ json: String) throws -> String {
    let text = try transcodedSpan(#""attributes":[{"key":"k","value":\#(json)}]"#)
    try #require(text.hasPrefix("attributes=[k=") && text.hasSuffix("]"))
    return String(text.dropFirst("attributes=[k=".count).dropLast())
}

private func list<Element>(
    _ elements: UnsafeMutablePointer<UnsafeMutablePointer<Element>?>?,
    _ count: Int,
    _ describe: (Element) -> String
) -> String {
    guard count > 0 else { return "" }
    return "[" + (0..<count).map { elements?[$0].map { describe($0.pointee) } ?? "nil" }.joined(separator: " ") + "]"
}

private func texts(_ elements: UnsafeMutablePointer<ProtobufCBinaryData>?, _ count: Int) -> String {
    guard let elements, count > 0 else { return "" }
    return "[" + (0..<count).map { text(elements[$0]) }.joined(separator: " ") + "]"
}

private func bytes(_ data: ProtobufCBinaryData) -> UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(start: data.data, count: data.len)
}

private func text(_ data: ProtobufCBinaryData) -> String {
    String(decoding: bytes(data), as: UTF8.self)
}

private func hex(_ data: ProtobufCBinaryData) -> String {
    bytes(data).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
}

/// `name=value` for each value that is not empty or zero.
private func fields(_ pairs: KeyValuePairs<String, String>) -> String {
    pairs.filter { !$0.value.isEmpty && $0.value != "0" }.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
}

private func describe(_ value: OTLPResourceSpans) -> String {
    let resource = value.resource.map { "{" + describe($0.pointee) + "}" } ?? ""
    return "{"
        + fields([
            "resource": resource, "scopes": list(value.scope_spans, value.n_scope_spans, describe),
            "schema": text(value.schema_url),
        ]) + "}"
}

private func describe(_ value: Opentelemetry__Proto__Resource__V1__Resource) -> String {
    fields([
        "attributes": list(value.attributes, value.n_attributes, describe),
        "dropped": "\(value.dropped_attributes_count)",
        "entities": list(value.entity_refs, value.n_entity_refs) { entity in
            "{"
                + fields([
                    "schema": text(entity.schema_url), "type": text(entity.type),
                    "ids": texts(entity.id_keys, entity.n_id_keys),
                    "descriptions": texts(entity.description_keys, entity.n_description_keys),
                ]) + "}"
        },
    ])
}

private func describe(_ value: OTLPScopeSpans) -> String {
    let scope = value.scope.map { scope in
        "{"
            + fields([
                "name": text(scope.pointee.name), "version": text(scope.pointee.version),
                "attributes": list(scope.pointee.attributes, scope.pointee.n_attributes, describe),
                "dropped": "\(scope.pointee.dropped_attributes_count)",
            ]) + "}"
    }
    return "{"
        + fields([
            "scope": scope ?? "", "spans": list(value.spans, value.n_spans) { "{" + describe($0) + "}" },
            "schema": text(value.schema_url),
        ]) + "}"
}

private func describe(_ value: OTLPSpan) -> String {
    let status = value.status.map { status in
        "{" + fields(["message": text(status.pointee.message), "code": "\(status.pointee.code)"]) + "}"
    }
    return fields([
        "trace": hex(value.trace_id), "span": hex(value.span_id), "state": text(value.trace_state),
        "parent": hex(value.parent_span_id), "name": text(value.name), "kind": "\(value.kind)",
        "start": "\(value.start_time_unix_nano)", "end": "\(value.end_time_unix_nano)",
        "attributes": list(value.attributes, value.n_attributes, describe),
        "droppedAttributes": "\(value.dropped_attributes_count)",
        "events": list(value.events, value.n_events, describe), "droppedEvents": "\(value.dropped_events_count)",
        "links": list(value.links, value.n_links, describe), "droppedLinks": "\(value.dropped_links_count)",
        "status": status ?? "", "flags": "\(value.flags)",
    ])
}

private func describe(_ value: Opentelemetry__Proto__Trace__V1__Span__Event) -> String {
    "{"
        + fields([
            "time": "\(value.time_unix_nano)", "name": text(value.name),
            "attributes": list(value.attributes, value.n_attributes, describe),
            "dropped": "\(value.dropped_attributes_count)",
        ]) + "}"
}

private func describe(_ value: Opentelemetry__Proto__Trace__V1__Span__Link) -> String {
    "{"
        + fields([
            "trace": hex(value.trace_id), "span": hex(value.span_id), "state": text(value.trace_state),
            "attributes": list(value.attributes, value.n_attributes, describe),
            "dropped": "\(value.dropped_attributes_count)", "flags": "\(value.flags)",
        ]) + "}"
}

private func describe(_ value: OTLPKeyValue) -> String {
    "\(text(value.key))=\(value.value.map { describe($0.pointee) } ?? "absent")"
}

private func describe(_ value: OTLPAnyValue) -> String {
    switch value.value_case {
    case OPENTELEMETRY__PROTO__COMMON__V1__ANY_VALUE__VALUE_STRING_VALUE: "'\(text(value.string_value))'"
    case OPENTELEMETRY__PROTO__COMMON__V1__ANY_VALUE__VALUE_BOOL_VALUE: "\(value.bool_value != 0)"
    case OPENTELEMETRY__PROTO__COMMON__V1__ANY_VALUE__VALUE_INT_VALUE: "int \(value.int_value)"
    case OPENTELEMETRY__PROTO__COMMON__V1__ANY_VALUE__VALUE_DOUBLE_VALUE: "double \(value.double_value)"
    case OPENTELEMETRY__PROTO__COMMON__V1__ANY_VALUE__VALUE_BYTES_VALUE: "bytes \(hex(value.bytes_value))"
    case OPENTELEMETRY__PROTO__COMMON__V1__ANY_VALUE__VALUE_ARRAY_VALUE:
        value.array_value.map { "list" + list($0.pointee.values, $0.pointee.n_values, describe) } ?? "nil"
    case OPENTELEMETRY__PROTO__COMMON__V1__ANY_VALUE__VALUE_KVLIST_VALUE:
        value.kvlist_value.map { "map" + list($0.pointee.values, $0.pointee.n_values, describe) } ?? "nil"
    default: "empty"
    }
}
