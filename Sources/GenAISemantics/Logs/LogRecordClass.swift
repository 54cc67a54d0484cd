// LogRecordClass.swift - what a log record is to the collector.

public import COTLP
import TraceModel

/// What a log record is to the collector.
public enum LogRecordClass: Sendable, Equatable {
    /// It stands for a call.
    case call(LogCall)
    /// It carries content of the conversation of the span that it names.
    case content
    /// Anything else.
    case other

    /// Classifies a decoded log record by its names and attributes.
    ///
    /// Never fails: what is not known is something else.
    ///
    /// - Parameter record: Valid for the time of the call; nothing of it is kept.
    public init(_ record: UnsafePointer<Opentelemetry__Proto__Logs__V1__LogRecord>) {
        let reading = LogRecordReading(record)
        let names = reading.names
        for name in names {
            guard let source = LogCallSource.byEvent[name]?.first(where: { $0.accepts(reading) }) else { continue }
            self = .call(source.call(reading))
            return
        }
        self = names.contains(where: ContentRecord.isReadable) ? .content : .other
    }
}

extension ContentRecord {
    /// Makes a record of a decoded log record; nil when it carries no content.
    ///
    /// - Parameter record: Has to outlive the content record.
    public init?(_ record: UnsafePointer<Opentelemetry__Proto__Logs__V1__LogRecord>) {
        let reading = LogRecordReading(record)
        guard let name = reading.names.first(where: Self.isReadable) else { return nil }
        self.init(name: name, time: reading.time, attributes: reading.attributes, body: reading.body)
    }
}

extension UnsafePointer<Opentelemetry__Proto__Logs__V1__LogRecord> {
    /// Nanoseconds since the Unix epoch: when the record's event happened, else when it was seen; 0 when neither is told.
    public var eventTime: UInt64 { LogRecordReading(self).time }
}
