// LogRecordReading.swift - the names and attributes of a decoded log record.

import COTLP
import TraceModel

/// Looks attributes of one log record up by name; valid as long as what was decoded.
struct LogRecordReading {
    private let record: UnsafePointer<Opentelemetry__Proto__Logs__V1__LogRecord>

    init(_ record: UnsafePointer<Opentelemetry__Proto__Logs__V1__LogRecord>) {
        self.record = record
    }

    var attributes: UnsafeBufferPointer<UnsafeMutablePointer<KeyValue>?> {
        let list = record.pointee.attributes
        return UnsafeBufferPointer(start: list, count: list == nil ? 0 : record.pointee.n_attributes)
    }

    /// The body; nil for a record without one.
    var body: UnsafePointer<AnyValue>? {
        record.pointee.body.map { UnsafePointer($0) }
    }

    /// What may be the name of the event, best first.
    ///
    /// OTLP 1.x has a field for it. Before, the name was the attribute `event.name`, which some clients shorten
    /// (`api_request`) or keep beside a field that names a place in their source, and a body of text that says no more
    /// than the name.
    var names: [String] {
        let body = body?.text.flatMap { $0.count <= TextLimit.name ? $0 : nil }
        return [record.pointee.event_name.bytes.nonEmpty, value("event.name")?.text, body].compactMap { bytes in
            bytes.map { String($0, cutAt: TextLimit.name) }
        }
    }

    /// Nanoseconds since the Unix epoch: when it happened, else when it was seen (OTLP 1.x, `LogRecord.time_unix_nano`).
    var time: UInt64 {
        record.pointee.time_unix_nano != 0 ? record.pointee.time_unix_nano : record.pointee.observed_time_unix_nano
    }

    /// The text of an attribute, or its whole number in digits; never empty, at most 256 bytes.
    func text(_ key: String) -> String? {
        guard let value = value(key) else { return nil }
        if let text = value.text { return String(text, cutAt: TextLimit.name) }
        return value.pointee.kind == AnyValue.intKind ? String(value.pointee.int_value) : nil
    }

    /// The number in an attribute.
    func number(_ key: String) -> LenientNumber? {
        value(key).flatMap { LenientNumber($0) }
    }

    /// The value of an attribute; of two with the same key the last one wins.
    private func value(_ key: String) -> UnsafePointer<AnyValue>? {
        let last = attributes.last { attribute in
            attribute?.pointee.key.bytes.elementsEqual(key.utf8) ?? false
        }
        return last??.pointee.value.map { UnsafePointer($0) }
    }
}

extension UnsafeBufferPointer<UInt8> {
    fileprivate var nonEmpty: Self? { isEmpty ? nil : self }
}
