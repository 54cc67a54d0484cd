// OTLPRefusal.swift - refusing an export before it reaches its endpoint.

import HTTPTypes
public import Hummingbird
import OTLPCodec

/// Answers of OTLP to exports that are refused before they reach their endpoint.
public enum OTLPRefusal {
    /// The answer to a request that was refused: a `google.rpc.Status` in the encoding of the request.
    ///
    /// - Returns: Nil when the request is no export.
    public static func answer(to request: Request, _ error: ReceiverError) -> Response? {
        let path = request.uri.path.hasSuffix("/") ? request.uri.path.dropLast() : request.uri.path[...]
        let isExport = ["/v1/traces", "/v1/logs", "/v1/metrics"].contains { path.hasSuffix($0) }
        guard request.method == .post, isExport else { return nil }
        return OTLPHTTPErrors.answer(to: error, as: OTLPEncoding(request.headers) ?? .json, requestID: "")
    }
}
