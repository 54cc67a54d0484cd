// SampleRecord.swift - a log record to send in tests, in few words.

public import TraceModel

/// A log record to send in tests.
public struct SampleRecord: Sendable {
    /// The field `event_name`; nil leaves it out.
    public var eventName: String?
    /// The trace; nil for none.
    public var trace: TraceID?
    /// The span; nil for none.
    public var span: SpanID?
    /// Nanoseconds since the Unix epoch; 0 leaves it out.
    public var time: UInt64 = 1_700_000_000_000_000_000
    /// When it was seen, in nanoseconds since the Unix epoch; 0 leaves it out.
    public var observed: UInt64 = 0
    /// The body: text, or nothing.
    public var body: String?
    /// The body: a map of texts, where `body` is nil and this is not empty.
    public var members: [(String, String)] = []
    /// Attributes in order.
    public var attributes: [(String, SampleValue)] = []

    /// Makes a record.
    public init(_ eventName: String? = nil, trace: UInt64? = nil, span: UInt64? = nil) {
        self.eventName = eventName
        self.trace = trace.map { TraceID(high: 0xABCD, low: $0) }
        self.span = span.map { SpanID($0) }
    }

    /// The same record with more attributes.
    public func with(_ more: (String, SampleValue)...) -> SampleRecord {
        var copy = self
        copy.attributes += more
        return copy
    }

    /// The same record with a body of members.
    public func saying(_ more: (String, String)...) -> SampleRecord {
        var copy = self
        copy.members += more
        return copy
    }

    /// The encoded `LogRecord` message.
    public var bytes: [UInt8] {
        WireWriter { record in
            if time != 0 { record.fixed64(1, time) }
            if let body {
                record.message(5) { $0.string(1, body) }
            } else if !members.isEmpty {
                record.message(5) { value in
                    value.message(6) { map in
                        for (key, text) in members { map.attribute(1, key, text) }
                    }
                }
            }
            for (key, value) in attributes { record.message(6) { value.write(&$0, key: key) } }
            if let trace { record.sized(9, trace.bytes) }
            if let span { record.sized(10, span.value.bigEndianBytes) }
            if observed != 0 { record.fixed64(11, observed) }
            if let eventName { record.string(12, eventName) }
        }.bytes
    }

    /// An `ExportLogsServiceRequest` with these records under one resource.
    public static func request(_ records: [SampleRecord], service: String = "test") -> [UInt8] {
        WireWriter { request in
            request.message(1) { resourceLogs in
                resourceLogs.message(1) { $0.attribute(1, "service.name", service) }
                resourceLogs.message(2) { scopeLogs in
                    scopeLogs.message(1) { $0.string(1, "tests") }
                    for record in records { scopeLogs.sized(2, record.bytes) }
                }
            }
        }.bytes
    }
}
