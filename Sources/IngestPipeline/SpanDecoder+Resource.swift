// SpanDecoder+Resource.swift - the resource of an envelope, and the name of a scope.

import COTLP
import GenAISemantics
import OTLPCodec
import TraceModel

extension SpanDecoder {
    /// Decodes the resource of an envelope and lends it to `body`.
    func withResource<Result>(
        _ envelope: SpanEnvelope,
        _ body: (UnsafePointer<Opentelemetry__Proto__Resource__V1__Resource>?) -> Result
    ) throws(OTLPCodecError) -> Result {
        // Through a result, since closures of the standard library do not pass on a typed throw here.
        let result = envelope.bytes.withUnsafeBytes { bytes -> Swift.Result<Result, OTLPCodecError> in
            do throws(OTLPCodecError) {
                return .success(try withResourceSpans(bytes) { body(UnsafePointer($0.pointee.resource)) })
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }
}

/// What the name of a scope tells.
struct ScopeFacts {
    /// The hash of the name, which tells instrumentations apart; 0 for none.
    var instrumentation: UInt32 = 0
    var habits: ScopeHabits = []
}

extension SpanDecoder {
    /// What the name of the scope of an envelope tells.
    func scopeFacts(of envelope: SpanEnvelope) throws(OTLPCodecError) -> ScopeFacts {
        let result = envelope.bytes.withUnsafeBytes { bytes -> Swift.Result<ScopeFacts, OTLPCodecError> in
            do throws(OTLPCodecError) {
                return .success(
                    try withScopeSpans(bytes) { message in
                        guard let name = message.pointee.scope?.pointee.name, name.len > 0 else { return ScopeFacts() }
                        // Folded to 32 bits; 0 stands for no name.
                        let hash = cotlp_hash64(name.data, name.len, 0)
                        return ScopeFacts(
                            instrumentation: max(1, UInt32(truncatingIfNeeded: hash ^ hash >> 32)),
                            habits: ScopeHabits(scopeNamed: UnsafeBufferPointer(start: name.data, count: name.len))
                        )
                    }
                )
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }
}
