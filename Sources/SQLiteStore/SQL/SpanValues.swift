// SpanValues.swift - the values of a stored span, each made when it is asked for.

import COTLP
import OTLPCodec
import TraceModel
import TraceStore

/// The values of the span that a cursor is on.
///
/// Keeps the part that was decoded last, and what was made of the span already: a query may ask for a column again and
/// again.
struct SpanValues {
    private struct SharedKey: Hashable {
        var column: SpanColumn
        var envelope: UInt32
    }

    private let source: SpanSource
    private var part: (key: Int64, batch: SpanBatch)?
    /// Values of resources and scopes of the part.
    private var shared: [SharedKey: SQLValue] = [:]
    /// Values of the span.
    private var made: [SpanColumn: SQLValue] = [:]

    init(_ source: SpanSource) {
        self.source = source
    }

    /// Forgets the span.
    mutating func leave() {
        if !made.isEmpty { made.removeAll(keepingCapacity: true) }
    }

    /// A value of a version of a span; null where its bytes cannot be decoded.
    mutating func value(
        _ column: SpanColumn,
        of version: Int,
        in spans: TraceSpans
    ) throws(StoreError) -> SQLValue {
        switch column {
        case .traceID: return .text(Array(spans.trace.id.hex.utf8))
        case .spanID: return .text(Array(spans.ids[version].hex.utf8))
        case .traceNumber: return .integer(spans.trace.number)
        case .project: return .text(Array(try source.projectName(spans.trace.project).utf8))
        default: break
        }
        if let known = made[column] { return known }
        let (batch, index) = try batch(of: version, in: spans)
        let slice = batch.spans[index]
        let value: SQLValue
        switch column {
        case .service, .resource: value = try shared(column, slice.resource, index, batch, spans.trace)
        case .scope, .scopeName, .scopeVersion: value = try shared(column, slice.scope, index, batch, spans.trace)
        default:
            value = try readable { () throws(OTLPCodecError) in
                try source.spans.withSpan(batch.bytes(of: slice)) { SQLValue(column, of: $0) }
            }
        }
        made[column] = value
        return value
    }

    private mutating func batch(
        of version: Int,
        in spans: TraceSpans
    ) throws(StoreError) -> (batch: SpanBatch, index: Int) {
        let place = spans.place(of: version)
        if part?.key != place.key {
            shared.removeAll(keepingCapacity: true)
            part = nil
            part = (place.key, try source.batch(of: place.key, in: spans.trace))
        }
        guard let batch = part?.batch, place.index < batch.spans.count else {
            throw StoreError(code: .unavailable, message: "the database is damaged: part \(place.key)")
        }
        return (batch, place.index)
    }

    private mutating func shared(
        _ column: SpanColumn,
        _ envelope: UInt32,
        _ index: Int,
        _ batch: SpanBatch,
        _ trace: TraceRow
    ) throws(StoreError) -> SQLValue {
        let key = SharedKey(column: column, envelope: envelope)
        if let known = shared[key] { return known }
        let decoder = source.spans
        let value: SQLValue
        switch column {
        case .service:
            let read = try source.extract([index], of: batch, in: trace)
            value = read.facts.first.flatMap { read.string($0.service) }.map { .text(Array($0.utf8)) } ?? .null
        case .resource:
            value = try readable { () throws(OTLPCodecError) in
                try batch.resources[Int(envelope)].decoded { bytes throws(OTLPCodecError) in
                    try decoder.withResourceSpans(bytes) { SQLValue(resource: $0) }
                }
            }
        default:
            value = try readable { () throws(OTLPCodecError) in
                try batch.scopes[Int(envelope)].decoded { bytes throws(OTLPCodecError) in
                    try decoder.withScopeSpans(bytes) { SQLValue(column, ofScope: $0) }
                }
            }
        }
        shared[key] = value
        return value
    }

    /// Null where stored bytes are no message.
    private func readable(_ make: () throws(OTLPCodecError) -> SQLValue) throws(StoreError) -> SQLValue {
        do throws(OTLPCodecError) {
            return try make()
        } catch {
            guard error.code == .invalid else { throw StoreError(code: error.code, message: error.message) }
            return .null
        }
    }
}

extension SpanEnvelope {
    /// Lends the bytes to a decoder.
    fileprivate func decoded(
        _ body: (UnsafeRawBufferPointer) throws(OTLPCodecError) -> SQLValue
    ) throws(OTLPCodecError) -> SQLValue {
        // Through a result, since closures of the standard library do not pass on a typed throw here.
        let result = bytes.withUnsafeBytes { bytes -> Result<SQLValue, OTLPCodecError> in
            Result { () throws(OTLPCodecError) in try body(bytes) }
        }
        return try result.get()
    }
}
