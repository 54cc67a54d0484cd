// SpanDecoder+Resource.swift - the resource of an envelope.

import COTLP
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
