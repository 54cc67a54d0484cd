// RecordSpan+Call.swift - ids and times of a span that is made of a log record.

import COTLP
import GenAISemantics
import OTLPCodec
import TraceModel

/// Where a log record comes from.
struct RecordOrigin {
    var slice: SpanSlice
    /// The encoded record.
    var bytes: UnsafeRawBufferPointer
    var project: String
    var resource: SpanEnvelope
}

extension RecordSpan {
    /// Makes the span of a call.
    ///
    /// The record's own ids count where they are valid. Without a trace, the calls of a session are one, whose id is a
    /// hash of project and session; without a session each call is a trace, whose id is a hash of project, resource and
    /// call. The id of the span is a hash of the request's id, or of the record where it names none. So the same record
    /// is always the same span. `time` is when the record was written: the end of the call.
    init(_ call: LogCall, at time: UInt64, from origin: RecordOrigin) {
        let identity = call.identity.map { Array($0.utf8) } ?? Array(origin.bytes)
        var trace = origin.slice.traceID
        var span = origin.slice.spanID
        if !trace.isSet { trace = Self.trace(of: call, identity, origin) }
        if span.isNone { span = SpanID(max(1, Self.hash(identity, IDSeed.span))) }
        let duration = UInt64(max(0, call.duration ?? 0))
        self.init(
            traceID: trace,
            spanID: span,
            name: call.event,
            start: time - min(duration, time),
            end: time,
            failure: call.failure,
            attributes: [AddedAttribute("skein.synthesized", .truth(true))]
                + call.facts.map { AddedAttribute($0.name, AddedAttribute.Value($0.value)) }
        )
    }

    /// Seeds of the hashes; part of what is stored, so that they never change.
    private enum IDSeed {
        static let traceHigh: UInt64 = 0x736B_6569_6E2D_7431
        static let traceLow: UInt64 = 0x736B_6569_6E2D_7432
        static let span: UInt64 = 0x736B_6569_6E2D_7370
    }

    private static func trace(of call: LogCall, _ identity: [UInt8], _ origin: RecordOrigin) -> TraceID {
        var source = Array(origin.project.utf8) + [0]
        if let session = call.session {
            source += Array(session.utf8)
        } else {
            // No session is empty, so that this never is one.
            source += [0] + origin.resource.bytes + [0] + identity
        }
        return TraceID(high: hash(source, IDSeed.traceHigh), low: max(1, hash(source, IDSeed.traceLow)))
    }

    private static func hash(_ bytes: [UInt8], _ seed: UInt64) -> UInt64 {
        bytes.withUnsafeBytes { cotlp_hash64($0.baseAddress, $0.count, seed) }
    }
}

extension AddedAttribute.Value {
    fileprivate init(_ value: LogCall.Value) {
        switch value {
        case .text(let text): self = .text(text)
        case .count(let count): self = .count(count)
        }
    }
}
