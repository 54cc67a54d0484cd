// ContentRecord.swift - an event of a span, or a log record that stands for one.

public import COTLP
import TraceModel

/// A named record with attributes, and in logs with a body.
///
/// Borrows what was decoded: valid only as long as that is.
public struct ContentRecord {
    /// The name of the event.
    let name: String
    /// Nanoseconds since the Unix epoch; orders records, equal ones as given.
    let time: UInt64
    let attributes: UnsafeBufferPointer<UnsafeMutablePointer<Opentelemetry__Proto__Common__V1__KeyValue>?>
    let body: UnsafePointer<Opentelemetry__Proto__Common__V1__AnyValue>?

    /// Makes a record.
    ///
    /// - Parameters:
    ///   - name: The name of the event, such as `gen_ai.user.message`.
    ///   - time: Nanoseconds since the Unix epoch.
    ///   - attributes: The decoded attributes.
    ///   - body: The decoded body of a log record; nil for a span event.
    public init(
        name: String,
        time: UInt64,
        attributes: UnsafeBufferPointer<UnsafeMutablePointer<Opentelemetry__Proto__Common__V1__KeyValue>?>,
        body: UnsafePointer<Opentelemetry__Proto__Common__V1__AnyValue>? = nil
    ) {
        self.name = name
        self.time = time
        self.attributes = attributes
        self.body = body
    }

    /// Whether records of this name can hold content.
    static func isContent(_ name: UnsafeBufferPointer<UInt8>) -> Bool {
        name.starts(with: "gen_ai.".utf8)
    }

    /// The attributes and the members of the body as one object; the body wins.
    var fields: JSONValue {
        var members: [JSONMember] = []
        for attribute in attributes {
            guard let attribute else { continue }
            let key = String(decoding: attribute.pointee.key.bytes, as: UTF8.self)
            members.append(JSONMember(key, JSONValue(attribute.pointee.value.map { UnsafePointer($0) })))
        }
        return .object(members + (bodyMembers ?? []))
    }

    /// The members of the body; a body that is text is the content, or a message as JSON (Semantic Kernel).
    private var bodyMembers: [JSONMember]? {
        switch JSONValue(body) {
        case .object(let members): members
        case .string(let text):
            text.isEmpty ? nil : Self.membersOfMessage(text) ?? [JSONMember("content", .string(text))]
        default: nil
        }
    }

    private static func membersOfMessage(_ text: String) -> [JSONMember]? {
        guard text.utf8.first == UInt8(ascii: "{"), let value = JSONValue(text), let members = value.object else {
            return nil
        }
        if let role = value["role"]?.string, ChatRole.isKnown(role) {
            return value["content"] != nil || value["tool_calls"] != nil ? members : nil
        }
        let message = value["message"]
        let isAnswer = message?["role"] != nil || message?["content"] != nil || message?["tool_calls"] != nil
        return isAnswer && (value["finish_reason"] != nil || value["index"] != nil) ? members : nil
    }
}

extension UnsafePointer<DecodedSpan> {
    /// The events whose names can hold content.
    var contentRecords: [ContentRecord] {
        let events = UnsafeBufferPointer(start: pointee.events, count: pointee.events == nil ? 0 : pointee.n_events)
        return events.compactMap { event in
            guard let event, ContentRecord.isContent(event.pointee.name.bytes) else { return nil }
            return ContentRecord(
                name: String(decoding: event.pointee.name.bytes, as: UTF8.self),
                time: event.pointee.time_unix_nano,
                attributes: UnsafeBufferPointer(start: event.pointee.attributes, count: event.pointee.n_attributes)
            )
        }
    }
}
