// ErrorBody.swift - errors outside of OTLP, as JSON.

import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import TraceModel

/// The body of an error outside of OTLP: `{"error":{"code":"...","message":"..."}}`.
struct ErrorBody: Encodable {
    struct Content: Encodable {
        let code: String
        let message: String
    }

    let error: Content

    init(code: String, message: String) {
        error = Content(code: code, message: message)
    }
}

extension Response {
    /// The answer to a request whose key is missing, wrong or not for this.
    static func json(refusing error: AccessError, to request: Request) throws -> Response {
        guard error.code == .forbidden else {
            var response = try json(.unauthorized, ErrorBody(code: "unauthorized", message: error.message), to: request)
            response.headers[.wwwAuthenticate] = "Bearer"
            return response
        }
        return try json(.forbidden, ErrorBody(code: "forbidden", message: error.message), to: request)
    }

    /// An answer with a JSON body; without it where the request is `HEAD`.
    static func json(_ status: HTTPResponse.Status, _ body: some Encodable, to request: Request) throws -> Response {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let bytes = ByteBuffer(bytes: try encoder.encode(body))
        let response = Response(
            status: status,
            headers: [.contentType: "application/json"],
            body: ResponseBody(byteBuffer: bytes)
        )
        return request.method == .head ? response.createHeadResponse() : response
    }
}
