// OTLPHTTPErrors.swift - errors as OTLP/HTTP answers; the only file that knows both.

import HTTPTypes
import Hummingbird
import NIOCore
import OTLPCodec
import TraceModel

/// Errors as answers of OTLP/HTTP: a status, and a `google.rpc.Status` in the encoding of the request.
///
/// OTLP 1.x, OTLP/HTTP Response, Failures: https://opentelemetry.io/docs/specs/otlp/#failures
enum OTLPHTTPErrors {
    /// What a code is called on the wire.
    struct Mapping {
        var status: HTTPResponse.Status
        /// The number of `google.rpc.Code`.
        var number: Int32
        /// When to send again unless the error knows better; nil when that cannot help.
        var retryAfterSeconds: Int?
    }

    static func mapping(of code: ErrorCode) -> Mapping {
        switch code {
        case .invalid: Mapping(status: .badRequest, number: 3)
        case .unauthenticated: Mapping(status: .unauthorized, number: 16)
        case .forbidden: Mapping(status: .forbidden, number: 7)
        case .notFound: Mapping(status: .notFound, number: 5)
        case .tooLarge: Mapping(status: .contentTooLarge, number: 8)
        case .unsupported: Mapping(status: .unsupportedMediaType, number: 12)
        // Never 500: a client drops for good what is not 429, 502, 503 or 504 (Retryable Response Codes).
        case .overloaded: Mapping(status: .serviceUnavailable, number: 14, retryAfterSeconds: 1)
        case .unavailable: Mapping(status: .serviceUnavailable, number: 14, retryAfterSeconds: 5)
        case .internal: Mapping(status: .internalServerError, number: 13)
        }
    }

    /// The answer to a request that was refused.
    ///
    /// - Parameters:
    ///   - error: What is said to the client is its message, unless it is internal.
    ///   - encoding: The encoding of the request; JSON when that is unknown.
    ///   - requestID: Names an internal error, whose text only the log has.
    /// - Returns: The answer with its headers.
    static func answer(to error: any CollectorError, as encoding: OTLPEncoding, requestID: String) -> Response {
        let mapping = mapping(of: error.code)
        var details: [StatusDetail] = []
        if error.code == .invalid {
            let field = (error as? ReceiverError)?.field ?? ""
            details.append(.badRequest(field: field.isEmpty ? "body" : field, description: error.message))
        }
        let seconds = mapping.retryAfterSeconds.map { error.retryAfterSeconds ?? $0 }
        if let seconds {
            details.append(.retryInfo(.seconds(seconds)))
        }
        let message = error.code == .internal ? "internal error (request id \(requestID))" : error.message
        let body = OTLPAnswer.status(code: mapping.number, message: message, details: details, as: encoding)
        var response = Response(status: mapping.status, encoding: encoding, body: body)
        if let seconds {
            response.headers[.retryAfterSeconds] = String(seconds)
        }
        if error.code == .unauthenticated {
            response.headers[.wwwAuthenticate] = "Bearer"
        }
        return response
    }

    /// The answer to a method that is not served.
    static func methodNotAllowed(allow: String, as encoding: OTLPEncoding) -> Response {
        let message = "method is not allowed here; allowed are \(allow)"
        let body = OTLPAnswer.status(code: 12, message: message, details: [], as: encoding)
        var response = Response(status: .methodNotAllowed, encoding: encoding, body: body)
        response.headers[.allow] = allow
        return response
    }
}

extension Response {
    /// An answer in the encoding of its request (OTLP 1.x, OTLP/HTTP Response).
    init(status: HTTPResponse.Status, encoding: OTLPEncoding, body: [UInt8]) {
        self.init(
            status: status,
            headers: [.contentType: encoding.contentType],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: body))
        )
    }
}
