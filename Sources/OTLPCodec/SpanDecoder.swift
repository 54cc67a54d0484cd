// SpanDecoder.swift - protobuf-c behind an arena.

public import COTLP
import TraceModel

/// A decoded OTLP `Span`; valid only while its decoder's closure runs.
public typealias OTLPSpan = Opentelemetry__Proto__Trace__V1__Span
/// A decoded OTLP `ResourceSpans`; valid only while its decoder's closure runs.
public typealias OTLPResourceSpans = Opentelemetry__Proto__Trace__V1__ResourceSpans
/// A decoded OTLP `ScopeSpans`; valid only while its decoder's closure runs.
public typealias OTLPScopeSpans = Opentelemetry__Proto__Trace__V1__ScopeSpans
/// A decoded OTLP `LogRecord`; valid only while its decoder's closure runs.
public typealias OTLPLogRecord = Opentelemetry__Proto__Logs__V1__LogRecord
/// A decoded OTLP `KeyValue`; valid only while its decoder's closure runs.
public typealias OTLPKeyValue = Opentelemetry__Proto__Common__V1__KeyValue
/// A decoded OTLP `AnyValue`; valid only while its decoder's closure runs.
public typealias OTLPAnyValue = Opentelemetry__Proto__Common__V1__AnyValue

/// Decodes messages one at a time into an arena that is used again for the next.
///
/// The bytes must have passed the scanner, which bounds their depth: protobuf-c itself has no limit.
/// Not `Sendable`: one decoder serves one thread at a time.
public final class SpanDecoder {
    private let arena: OpaquePointer

    /// Makes a decoder with an empty arena.
    ///
    /// - Throws: `OTLPCodecError` with code `overloaded` when there is no memory for it.
    public init() throws(OTLPCodecError) {
        guard let arena = cotlp_arena_new(0) else {
            throw OTLPCodecError(code: .overloaded, message: "no memory for a decoder")
        }
        self.arena = arena
    }

    deinit {
        cotlp_arena_free(arena)
    }

    /// Decodes one `Span` message and lends it to `body`.
    ///
    /// - Throws: `OTLPCodecError` with code `invalid` when the bytes are no span or need too much memory.
    public func withSpan<Result>(
        _ bytes: UnsafeRawBufferPointer,
        _ body: (UnsafePointer<OTLPSpan>) -> Result
    ) throws(OTLPCodecError) -> Result {
        try decoded(bytes, opentelemetry__proto__trace__v1__span__unpack, body)
    }

    /// Decodes one `ResourceSpans` envelope and lends it to `body`.
    ///
    /// - Throws: `OTLPCodecError` with code `invalid` when the bytes are no such message or need too much memory.
    public func withResourceSpans<Result>(
        _ bytes: UnsafeRawBufferPointer,
        _ body: (UnsafePointer<OTLPResourceSpans>) -> Result
    ) throws(OTLPCodecError) -> Result {
        try decoded(bytes, opentelemetry__proto__trace__v1__resource_spans__unpack, body)
    }

    /// Decodes one `ScopeSpans` envelope and lends it to `body`.
    ///
    /// - Throws: `OTLPCodecError` with code `invalid` when the bytes are no such message or need too much memory.
    public func withScopeSpans<Result>(
        _ bytes: UnsafeRawBufferPointer,
        _ body: (UnsafePointer<OTLPScopeSpans>) -> Result
    ) throws(OTLPCodecError) -> Result {
        try decoded(bytes, opentelemetry__proto__trace__v1__scope_spans__unpack, body)
    }

    /// Decodes one `LogRecord` message and lends it to `body`.
    ///
    /// - Throws: `OTLPCodecError` with code `invalid` when the bytes are no log record or need too much memory.
    public func withLogRecord<Result>(
        _ bytes: UnsafeRawBufferPointer,
        _ body: (UnsafePointer<OTLPLogRecord>) -> Result
    ) throws(OTLPCodecError) -> Result {
        try decoded(bytes, opentelemetry__proto__logs__v1__log_record__unpack, body)
    }

    /// Decodes some `LogRecord` messages and lends those that can be decoded to `body`, all at once.
    ///
    /// - Parameters:
    ///   - messages: Encoded log records.
    ///   - body: Gets each decoded record with its place in `messages`.
    /// - Returns: What `body` returns.
    public func withLogRecords<Result>(
        _ messages: [UnsafeRawBufferPointer],
        _ body: ([(place: Int, record: UnsafePointer<OTLPLogRecord>)]) -> Result
    ) -> Result {
        // One arena for all of them, with the sum of their limits.
        cotlp_arena_reset(arena, messages.reduce(1 << 20) { $0 + $1.count * 16 + 1024 })
        var records: [(place: Int, record: UnsafePointer<OTLPLogRecord>)] = []
        records.reserveCapacity(messages.count)
        for (place, bytes) in messages.enumerated() {
            let start = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
            let allocator = cotlp_arena_allocator(arena)
            if let message = opentelemetry__proto__logs__v1__log_record__unpack(allocator, bytes.count, start) {
                records.append((place, UnsafePointer(message)))
            }
        }
        return body(records)
    }

    private func decoded<Message, Result>(
        _ bytes: UnsafeRawBufferPointer,
        _ unpack: (UnsafeMutablePointer<ProtobufCAllocator>?, Int, UnsafePointer<UInt8>?) -> UnsafeMutablePointer<
            Message
        >?,
        _ body: (UnsafePointer<Message>) -> Result
    ) throws(OTLPCodecError) -> Result {
        // 16 times the message and 1 MiB: what well-formed messages need is far below.
        cotlp_arena_reset(arena, bytes.count * 16 + 1 << 20)
        let start = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
        guard let message = unpack(cotlp_arena_allocator(arena), bytes.count, start) else {
            let why = cotlp_arena_exhausted(arena) != 0 ? "needs more memory than its size allows" : "is malformed"
            throw .invalid("a message of \(bytes.count) bytes \(why)")
        }
        return body(UnsafePointer(message))
    }
}
