// SpanDraft.swift - a span with any attributes, read as the product reads it.

import COTLP
import GenAISemantics
import TestSupport
import Testing
import TraceModel

/// A value of an attribute, as an instrumentation may send it.
enum DraftValue: Sendable, ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
    ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    case text(String)
    case whole(Int64)
    case real(Double)
    case truth(Bool)
    case list([DraftValue])
    case map([(String, DraftValue)])
    /// A reference into the string table of profiles.
    case stringIndex(UInt64)
    case empty

    init(stringLiteral value: String) { self = .text(value) }
    init(integerLiteral value: Int64) { self = .whole(value) }
    init(floatLiteral value: Double) { self = .real(value) }
    init(booleanLiteral value: Bool) { self = .truth(value) }
    init(arrayLiteral elements: DraftValue...) { self = .list(elements) }
    init(dictionaryLiteral elements: (String, DraftValue)...) { self = .map(elements) }

    func write(_ writer: inout WireWriter) {
        switch self {
        case .text(let text): writer.string(1, text)
        case .truth(let truth): writer.number(2, truth ? 1 : 0)
        case .whole(let number): writer.number(3, UInt64(bitPattern: number))
        case .real(let number): writer.fixed64(4, number.bitPattern)
        case .list(let values):
            writer.message(5) { list in
                for value in values { list.message(1) { value.write(&$0) } }
            }
        case .map(let entries): writer.message(6) { Self.write(entries, field: 1, &$0) }
        case .stringIndex(let index): writer.number(8, index)
        case .empty: break
        }
    }

    static func write(_ entries: [(String, DraftValue)], field: UInt64, _ writer: inout WireWriter) {
        for (key, value) in entries {
            writer.message(field) { entry in
                entry.string(1, key)
                entry.message(2) { value.write(&$0) }
            }
        }
    }
}

/// A span to be read.
struct SpanDraft {
    var traceID: TraceID? = TraceID(high: 1, low: 1)
    var name = ""
    var attributes: [(String, DraftValue)] = []
    var events: [(name: String, time: UInt64, attributes: [(String, DraftValue)])] = []
    var statusCode: UInt64 = 0
    var statusMessage = ""
    var start: UInt64 = 1_000_000_000

    init(_ attributes: KeyValuePairs<String, DraftValue> = [:]) {
        self.attributes = attributes.map { ($0.key, $0.value) }
    }

    /// Reads the span.
    func read() throws -> SpanReading {
        var semantics = SpanSemantics()
        return try read(with: &semantics)
    }

    /// Reads the span with a reader that has read others before.
    func read(with semantics: inout SpanSemantics) throws -> SpanReading {
        let message = try #require(opentelemetry__proto__trace__v1__span__unpack(nil, bytes.count, bytes))
        defer { opentelemetry__proto__trace__v1__span__free_unpacked(message, nil) }
        return semantics.read(UnsafePointer(message))
    }

    /// Reads the conversation of the span, which must have one.
    func conversation() throws -> Conversation {
        try #require(try conversationIfAny())
    }

    /// Reads the conversation of the span.
    func conversationIfAny(records: [ContentRecord] = []) throws -> Conversation? {
        let message = try #require(opentelemetry__proto__trace__v1__span__unpack(nil, bytes.count, bytes))
        defer { opentelemetry__proto__trace__v1__span__free_unpacked(message, nil) }
        var reader = ConversationReader()
        return reader.read(UnsafePointer(message), records: records)
    }

    /// Reads the call of the span, which must have one.
    func call() throws -> LLMCall {
        try #require(read().call)
    }

    /// Lends the decoded span.
    func withSpan(_ body: (UnsafePointer<Opentelemetry__Proto__Trace__V1__Span>) throws -> Void) throws {
        let message = try #require(opentelemetry__proto__trace__v1__span__unpack(nil, bytes.count, bytes))
        defer { opentelemetry__proto__trace__v1__span__free_unpacked(message, nil) }
        try body(UnsafePointer(message))
    }

    private var bytes: [UInt8] {
        WireWriter { span in
            span.sized(1, traceID?.bytes ?? [])
            span.sized(2, [0, 0, 0, 0, 0, 0, 0, 2])
            span.string(5, name)
            span.fixed64(7, start)
            DraftValue.write(attributes, field: 9, &span)
            for event in events {
                span.message(11) {
                    $0.fixed64(1, event.time)
                    $0.string(2, event.name)
                    DraftValue.write(event.attributes, field: 3, &$0)
                }
            }
            span.message(15) {
                $0.string(2, statusMessage)
                $0.number(3, statusCode)
            }
        }.bytes
    }
}
