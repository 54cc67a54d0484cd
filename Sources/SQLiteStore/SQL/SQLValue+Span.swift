// SQLValue+Span.swift - decoded spans as values of columns.

import COTLP
import OTLPCodec
import TraceModel

extension SQLValue {
    /// The value of a column that a span itself has; what the query API shows.
    init(_ column: SpanColumn, of span: UnsafePointer<OTLPSpan>) {
        let start = Int64(clamping: span.pointee.start_time_unix_nano)
        // An end before the start counts as the start, on arrival too.
        let end = max(start, Int64(clamping: span.pointee.end_time_unix_nano))
        switch column {
        case .parentSpanID: self.init(parent: span.pointee.parent_span_id)
        case .name: self = .text([UInt8](span.pointee.name))
        case .kind: self.init(SpanNames.kind(span.pointee.kind), orNumber: span.pointee.kind)
        case .startTime: self = .text(SQLValue.time(start))
        case .endTime: self = .text(SQLValue.time(end))
        case .startNanoseconds: self = .integer(start)
        case .endNanoseconds: self = .integer(end)
        case .durationMilliseconds: self = .real(Double(end - start) / 1e6)
        case .status:
            let code = span.pointee.status?.pointee.code ?? 0
            self.init(SpanNames.status(code), orNumber: code)
        case .statusMessage: self.init(given: span.pointee.status?.pointee.message)
        case .traceState: self.init(given: span.pointee.trace_state)
        case .attributes:
            self.init { json in
                AttributeJSON.append(
                    span.pointee.attributes,
                    count: span.pointee.n_attributes,
                    cuttingAt: nil,
                    to: &json
                )
            }
        case .events: self.init { SpanJSON.appendEvents(of: span, to: &$0) }
        case .links: self.init { SpanJSON.appendLinks(of: span, to: &$0) }
        default: self = .null
        }
    }

    /// The resource as JSON.
    init(resource: UnsafePointer<OTLPResourceSpans>) {
        self.init { json in
            json.append(UInt8(ascii: "{"))
            SpanJSON.appendMembers(of: resource, detail: .full, to: &json)
            json.append(UInt8(ascii: "}"))
        }
    }

    /// The value of a column that an instrumentation scope has.
    init(_ column: SpanColumn, ofScope envelope: UnsafePointer<OTLPScopeSpans>) {
        let scope = envelope.pointee.scope
        switch column {
        case .scopeName: self.init(given: scope?.pointee.name)
        case .scopeVersion: self.init(given: scope?.pointee.version)
        default:
            self.init { json in
                json.append(UInt8(ascii: "{"))
                SpanJSON.appendMembers(of: envelope, detail: .full, to: &json)
                json.append(UInt8(ascii: "}"))
            }
        }
    }

    private init(json append: (inout [UInt8]) -> Void) {
        var json: [UInt8] = []
        append(&json)
        self = .text(json)
    }

    private init(_ name: String?, orNumber number: Int32) {
        self = name.map { .text(Array($0.utf8)) } ?? .integer(Int64(number))
    }

    /// Text that a sender may leave out: null when it is empty.
    private init(given text: ProtobufCBinaryData?) {
        guard let text, text.len > 0 else {
            self = .null
            return
        }
        self = .text([UInt8](text))
    }

    /// The id of a parent; null for a root, and for an id of a wrong length.
    private init(parent: ProtobufCBinaryData) {
        let bytes = [UInt8](parent)
        guard bytes.count == 8, bytes.contains(where: { $0 != 0 }) else {
            self = .null
            return
        }
        self = .text(Array(SpanID(bytes.reduce(0) { $0 << 8 | UInt64($1) }).hex.utf8))
    }
}

extension [UInt8] {
    /// Copies the bytes of a decoded field.
    fileprivate init(_ field: ProtobufCBinaryData) {
        self.init(UnsafeBufferPointer(start: field.data, count: field.data == nil ? 0 : field.len))
    }
}
