// RecordSpan.swift - a log record as a span.

public import TraceModel

/// An attribute that a span gets beside those of its log record.
public struct AddedAttribute: Sendable, Equatable {
    /// A value.
    public enum Value: Sendable, Equatable {
        /// A string.
        case text(String)
        /// A whole number.
        case count(Int64)
        /// A truth value.
        case truth(Bool)
    }

    /// The name.
    public var key: String
    /// The value.
    public var value: Value

    /// Makes an attribute.
    public init(_ key: String, _ value: Value) {
        self.key = key
        self.value = value
    }
}

/// A span that stands for a log record: what it says that the record's attributes do not.
public struct RecordSpan: Sendable {
    /// The trace.
    public var traceID: TraceID
    /// The span.
    public var spanID: SpanID
    /// Its name.
    public var name: String
    /// Nanoseconds since the Unix epoch; 0 when unknown.
    public var start: UInt64
    /// Nanoseconds since the Unix epoch; 0 when unknown.
    public var end: UInt64
    /// Why it failed; nil when it did not.
    public var failure: String?
    /// Attributes that go behind those of the record, and so before them where names are equal.
    public var attributes: [AddedAttribute]

    /// Makes a span.
    public init(
        traceID: TraceID,
        spanID: SpanID,
        name: String,
        start: UInt64,
        end: UInt64,
        failure: String?,
        attributes: [AddedAttribute]
    ) {
        self.traceID = traceID
        self.spanID = spanID
        self.name = name
        self.start = start
        self.end = end
        self.failure = failure
        self.attributes = attributes
    }

    /// The encoded `Span`; the same for the same record.
    ///
    /// The attributes of the record are copied as they are encoded (OTLP 1.x: `LogRecord.attributes` and
    /// `Span.attributes` are both lists of `KeyValue`).
    ///
    /// - Parameter record: The encoded `LogRecord`, which has passed the scanner.
    /// - Returns: The message.
    public func encoded(from record: UnsafeRawBufferPointer) -> [UInt8] {
        var span = MessageBytes()
        span.sized(1, traceID.bytes)
        span.sized(2, withUnsafeBytes(of: spanID.value.bigEndian) { Array($0) })
        span.sized(5, name.utf8)
        span.varint(6, Self.client)
        span.fixed64(7, start)
        span.fixed64(8, end)
        var reader = WireReader(bytes: record, place: 0)
        // The scanner has read the same fields, so that none is cut off.
        while let field = try? reader.next(before: record.count) {
            if field.number == 6, field.wire == WireField.sized { span.sized(9, record[field.content]) }
        }
        for attribute in attributes {
            span.message(9) { pair in
                pair.sized(1, attribute.key.utf8)
                pair.message(2) { $0.append(attribute.value) }
            }
        }
        if let failure {
            span.message(15) { status in
                if !failure.isEmpty { status.sized(2, failure.utf8) }
                status.varint(3, UInt64(SpanStatus.error.rawValue))
            }
        }
        return span.take()
    }

    /// `SPAN_KIND_CLIENT`.
    private static let client: UInt64 = 3
}

extension MessageBytes {
    /// Appends the content of an `AnyValue`.
    fileprivate mutating func append(_ value: AddedAttribute.Value) {
        switch value {
        case .text(let text): sized(1, text.utf8)
        case .truth(let truth): varint(2, truth ? 1 : 0)
        case .count(let count): varint(3, UInt64(bitPattern: count))
        }
    }
}
