// JSONSchema.swift - which JSON names a message has, and how their values stand on the wire.

/// The messages of an `ExportTraceServiceRequest` and an `ExportLogsServiceRequest`.
enum JSONMessage: UInt8, CaseIterable {
    case request, resourceSpans, resource, entityRef, scopeSpans, scope, span, event, link, status
    case keyValue, anyValue, arrayValue, keyValueList
    case logsRequest, resourceLogs, scopeLogs, logRecord
    /// The fields of `logRecord` whose names begin with the eight bytes of another one of its names.
    case logRecordMore

    /// Where those fields of a message stand that its own table has no place for.
    var more: JSONMessage? { self == .logRecord ? .logRecordMore : nil }
}

/// How the value of a field is read and written.
enum JSONKind: UInt8 {
    case text, texts, id, bytes, bool, int64, uint32, spanKind, statusCode, severity, fixed64, fixed32, double, message,
        list
}

/// One field of a message: a slot of the hashed table.
struct JSONField {
    /// The lowerCamelCase name, padded with zeros to three words.
    var name: (UInt64, UInt64, UInt64)
    /// Which bytes of the second and third word belong to the name.
    var mask: (UInt64, UInt64)
    /// Bytes of the name.
    var length: UInt8
    /// The tag as encoded, first byte lowest.
    var tag: UInt16
    /// Bytes of the tag: 1 or 2.
    var tagWidth: UInt8
    /// How the value is read.
    var kind: JSONKind
    /// The message below, for `message` and `list`.
    var child: JSONMessage
    /// The field's bit in a set of the fields seen.
    var bit: UInt32

    /// A slot without field: masked, no third word equals this one, and no name is so long.
    static let none = JSONField(
        name: (0, 0, 1),
        mask: (0, 0),
        length: .max,
        tag: 0,
        tagWidth: 0,
        kind: .text,
        child: .request,
        bit: 0
    )
}

/// The descriptor tables of all messages, hashed by the first eight bytes of a name.
///
/// Names are those of the proto3 JSON mapping (OTLP 1.x, JSON Protobuf Encoding: lowerCamelCase only). What is not
/// listed is unknown and skipped; so are `keyStrindex` and `stringValueStrindex`, which mean nothing in traces and logs.
enum JSONSchema {
    static let slotBits: UInt64 = 5
    private static let slotsPerMessage = 1 << Int(slotBits)

    /// All slots, `slotsPerMessage` for each message, and the factor that hashes without collision.
    static let table: (slots: [JSONField], factor: UInt64) = {
        var factor: UInt64 = 0x9E37_79B9_7F4A_7C15
        while true {
            if let slots = slots(hashedBy: factor) { return (slots, factor) }
            factor = factor &* 0x5851_F42D_4C95_7F2D | 1
        }
    }()

    /// The index of the slot that a name can only be in.
    @inline(__always)
    static func slot(_ message: JSONMessage, _ firstWord: UInt64, _ factor: UInt64) -> Int {
        Int(message.rawValue) &<< Int(slotBits) &+ Int(truncatingIfNeeded: (firstWord &* factor) &>> (64 &- slotBits))
    }

    private static func slots(hashedBy factor: UInt64) -> [JSONField]? {
        var slots = [JSONField](repeating: .none, count: JSONMessage.allCases.count * slotsPerMessage)
        for message in JSONMessage.allCases {
            for field in fields(of: message) {
                let index = slot(message, field.name.0, factor)
                guard slots[index].tag == 0 else { return nil }
                slots[index] = field
            }
        }
        return slots
    }

    private static func fields(of message: JSONMessage) -> [JSONField] {
        switch message {
        case .request: [field("resourceSpans", 1, .list, .resourceSpans)]
        case .logsRequest: [field("resourceLogs", 1, .list, .resourceLogs)]
        case .resourceSpans:
            [
                field("resource", 1, .message, .resource), field("scopeSpans", 2, .list, .scopeSpans),
                field("schemaUrl", 3, .text),
            ]
        case .resource:
            [
                field("attributes", 1, .list, .keyValue), field("droppedAttributesCount", 2, .uint32),
                field("entityRefs", 3, .list, .entityRef),
            ]
        case .entityRef:
            [
                field("schemaUrl", 1, .text), field("type", 2, .text), field("idKeys", 3, .texts),
                field("descriptionKeys", 4, .texts),
            ]
        case .scopeSpans:
            [
                field("scope", 1, .message, .scope), field("spans", 2, .list, .span),
                field("schemaUrl", 3, .text),
            ]
        case .scope:
            [
                field("name", 1, .text), field("version", 2, .text), field("attributes", 3, .list, .keyValue),
                field("droppedAttributesCount", 4, .uint32),
            ]
        case .span, .event, .link, .status: spanFields(of: message)
        case .resourceLogs, .scopeLogs, .logRecord, .logRecordMore: logFields(of: message)
        case .keyValue: [field("key", 1, .text), field("value", 2, .message, .anyValue)]
        case .anyValue:
            [
                field("stringValue", 1, .text), field("boolValue", 2, .bool), field("intValue", 3, .int64),
                field("doubleValue", 4, .double), field("arrayValue", 5, .message, .arrayValue),
                field("kvlistValue", 6, .message, .keyValueList), field("bytesValue", 7, .bytes),
            ]
        case .arrayValue: [field("values", 1, .list, .anyValue)]
        case .keyValueList: [field("values", 1, .list, .keyValue)]
        }
    }

    private static func spanFields(of message: JSONMessage) -> [JSONField] {
        switch message {
        case .span:
            [
                field("traceId", 1, .id), field("spanId", 2, .id), field("traceState", 3, .text),
                field("parentSpanId", 4, .id), field("name", 5, .text), field("kind", 6, .spanKind),
                field("startTimeUnixNano", 7, .fixed64), field("endTimeUnixNano", 8, .fixed64),
                field("attributes", 9, .list, .keyValue), field("droppedAttributesCount", 10, .uint32),
                field("events", 11, .list, .event), field("droppedEventsCount", 12, .uint32),
                field("links", 13, .list, .link), field("droppedLinksCount", 14, .uint32),
                field("status", 15, .message, .status), field("flags", 16, .fixed32),
            ]
        case .event:
            [
                field("timeUnixNano", 1, .fixed64), field("name", 2, .text),
                field("attributes", 3, .list, .keyValue), field("droppedAttributesCount", 4, .uint32),
            ]
        case .link:
            [
                field("traceId", 1, .id), field("spanId", 2, .id), field("traceState", 3, .text),
                field("attributes", 4, .list, .keyValue), field("droppedAttributesCount", 5, .uint32),
                field("flags", 6, .fixed32),
            ]
        case .status: [field("message", 2, .text), field("code", 3, .statusCode)]
        default: []
        }
    }

    private static func logFields(of message: JSONMessage) -> [JSONField] {
        switch message {
        case .resourceLogs:
            [
                field("resource", 1, .message, .resource), field("scopeLogs", 2, .list, .scopeLogs),
                field("schemaUrl", 3, .text),
            ]
        case .scopeLogs:
            [
                field("scope", 1, .message, .scope), field("logRecords", 2, .list, .logRecord),
                field("schemaUrl", 3, .text),
            ]
        case .logRecord:
            [
                field("timeUnixNano", 1, .fixed64), field("severityNumber", 2, .severity),
                field("body", 5, .message, .anyValue), field("attributes", 6, .list, .keyValue),
                field("droppedAttributesCount", 7, .uint32), field("flags", 8, .fixed32), field("traceId", 9, .id),
                field("spanId", 10, .id), field("observedTimeUnixNano", 11, .fixed64), field("eventName", 12, .text),
            ]
        case .logRecordMore: [field("severityText", 3, .text)]
        default: []
        }
    }

    private static func field(
        _ name: String,
        _ number: UInt32,
        _ kind: JSONKind,
        _ child: JSONMessage = .request
    ) -> JSONField {
        var words: (UInt64, UInt64, UInt64) = (0, 0, 0)
        for (index, byte) in name.utf8.enumerated() {
            let shifted = UInt64(byte) << UInt64(index % 8 * 8)
            switch index / 8 {
            case 0: words.0 |= shifted
            case 1: words.1 |= shifted
            default: words.2 |= shifted
            }
        }
        let tag = number << 3 | kind.wireType
        let encoded = tag < 0x80 ? tag : (tag & 0x7F | 0x80) | (tag >> 7) << 8
        return JSONField(
            name: words,
            mask: (JSONWord.prefix(name.utf8.count - 8), JSONWord.prefix(name.utf8.count - 16)),
            length: UInt8(name.utf8.count),
            tag: UInt16(encoded),
            tagWidth: tag < 0x80 ? 1 : 2,
            kind: kind,
            child: child,
            bit: 1 << number
        )
    }
}

extension JSONKind {
    /// The wire type of protobuf.
    fileprivate var wireType: UInt32 {
        switch self {
        case .bool, .int64, .uint32, .spanKind, .statusCode, .severity: 0
        case .fixed64, .double: 1
        case .text, .texts, .id, .bytes, .message, .list: 2
        case .fixed32: 5
        }
    }
}
