// SampleSpan.swift - a span to write in tests, in few words.

public import TraceModel

/// A span to write in tests.
public struct SampleSpan: Sendable {
    /// The trace.
    public var trace: TraceID
    /// The span.
    public var id: SpanID
    /// The parent; none for a root.
    public var parent: SpanID
    /// The name.
    public var name: String
    /// Nanoseconds since the Unix epoch.
    public var start: UInt64
    /// Nanoseconds since the Unix epoch.
    public var end: UInt64
    /// Status code: 0 unset, 1 ok, 2 error.
    public var status: UInt64 = 0
    /// Attributes in order.
    public var attributes: [(String, SampleValue)] = []

    /// Makes a span of one millisecond at a fixed time.
    public init(
        trace: UInt64,
        id: UInt64,
        parent: UInt64 = 0,
        name: String = "step",
        at offset: UInt64 = 0,
        lasting: UInt64 = 1_000_000
    ) {
        self.trace = TraceID(high: 0xABCD, low: trace)
        self.id = SpanID(id)
        self.parent = SpanID(parent)
        self.name = name
        start = 1_700_000_000_000_000_000 + offset
        end = start + lasting
    }

    /// The same span with more attributes.
    public func with(_ more: (String, SampleValue)...) -> SampleSpan {
        var copy = self
        copy.attributes += more
        return copy
    }

    /// The encoded `Span` message.
    public var bytes: [UInt8] {
        WireWriter { span in
            span.sized(1, trace.bytes)
            span.sized(2, id.value.bigEndianBytes)
            if !parent.isNone { span.sized(4, parent.value.bigEndianBytes) }
            span.string(5, name)
            span.fixed64(7, start)
            span.fixed64(8, end)
            for (key, value) in attributes { span.message(9) { value.write(&$0, key: key) } }
            if status != 0 { span.message(15) { $0.number(3, status) } }
        }.bytes
    }

    /// An `ExportTraceServiceRequest` with these spans under one resource.
    public static func request(_ spans: [SampleSpan], service: String = "test") -> [UInt8] {
        WireWriter { request in
            request.message(1) { resourceSpans in
                resourceSpans.message(1) { $0.attribute(1, "service.name", service) }
                resourceSpans.message(2) { scopeSpans in
                    scopeSpans.message(1) { $0.string(1, "tests") }
                    for span in spans { scopeSpans.sized(2, span.bytes) }
                }
            }
        }.bytes
    }
}

/// An attribute's value.
public enum SampleValue: Sendable, ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral {
    /// A string.
    case text(String)
    /// An integer.
    case whole(Int64)
    /// A double.
    case real(Double)

    /// A string.
    public init(stringLiteral value: String) { self = .text(value) }
    /// An integer.
    public init(integerLiteral value: Int64) { self = .whole(value) }
    /// A double.
    public init(floatLiteral value: Double) { self = .real(value) }

    /// Writes a `KeyValue`.
    func write(_ writer: inout WireWriter, key: String) {
        writer.string(1, key)
        writer.message(2) { value in
            switch self {
            case .text(let text): value.string(1, text)
            case .whole(let number): value.number(3, UInt64(bitPattern: number))
            case .real(let number): value.fixed64(4, number.bitPattern)
            }
        }
    }
}

extension UInt64 {
    var bigEndianBytes: [UInt8] {
        Swift.withUnsafeBytes(of: bigEndian) { Array($0) }
    }
}
