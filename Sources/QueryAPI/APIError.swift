// APIError.swift - what the query API answers when it cannot answer, and with which status.

import HTTPTypes
import Hummingbird
import NIOCore
import OTLPCodec
import TraceModel
import TraceStore

/// An error of the query API: a stable code, a message, and the parameter that is to blame.
struct APIError: CollectorError, Equatable {
    /// The code in the answer; each has one status.
    enum Reason: String, Sendable, CaseIterable {
        case invalidRequest = "invalid_request"
        case unauthorized
        case forbidden
        case notFound = "not_found"
        case callNotFound = "trace_not_found"
        case methodNotAllowed = "method_not_allowed"
        /// More would have to be looked at than can be in time.
        case periodTooLong = "period_too_long"
        case storageUnavailable = "storage_unavailable"
        case `internal`
    }

    /// The code in the answer.
    let reason: Reason
    /// What is wrong and what would be right.
    let message: String
    /// The parameter that is to blame.
    var parameter: String?

    var code: ErrorCode {
        switch reason {
        case .invalidRequest: .invalid
        case .periodTooLong: .tooLarge
        case .unauthorized: .unauthenticated
        case .forbidden: .forbidden
        case .notFound, .callNotFound: .notFound
        case .methodNotAllowed: .unsupported
        case .storageUnavailable: .unavailable
        case .internal: .internal
        }
    }

    /// The only place where errors of this API become statuses.
    var status: HTTPResponse.Status {
        switch reason {
        case .invalidRequest: .badRequest
        case .periodTooLong: .unprocessableContent
        case .unauthorized: .unauthorized
        case .forbidden: .forbidden
        case .notFound, .callNotFound: .notFound
        case .methodNotAllowed: .methodNotAllowed
        case .storageUnavailable: .serviceUnavailable
        case .internal: .internalServerError
        }
    }

    /// A parameter has a value, or a presence, that cannot be served.
    static func invalid(_ parameter: String, _ message: String) -> APIError {
        APIError(reason: .invalidRequest, message: message, parameter: parameter)
    }

    /// Nothing is stored under the id asked for.
    static func notFound(_ message: String) -> APIError {
        APIError(reason: .notFound, message: message)
    }
}

extension APIError {
    /// Translates any error; what is not known to be fit for clients becomes `internal` without its text.
    init(_ error: any Error) {
        switch error {
        case let error as APIError: self = error
        case let error as StoreError: self.init(store: error)
        case is MemoryShortage:
            self.init(reason: .storageUnavailable, message: "too many large answers at once; ask again later")
        case let error as AccessError:
            self.init(reason: error.code == .forbidden ? .forbidden : .unauthorized, message: error.message)
        default: self.init(reason: .internal, message: "internal error")
        }
    }

    private init(store error: StoreError) {
        switch error.code {
        case .tooLarge: self.init(reason: .periodTooLong, message: error.message)
        case .invalid, .unsupported: self.init(reason: .invalidRequest, message: error.message)
        case .unauthenticated: self.init(reason: .unauthorized, message: error.message)
        case .forbidden: self.init(reason: .forbidden, message: error.message)
        case .notFound: self.init(reason: .notFound, message: error.message)
        case .overloaded, .unavailable: self.init(reason: .storageUnavailable, message: error.message)
        case .internal: self.init(reason: .internal, message: "internal error")
        }
    }

    /// The answer: `{"error":{"code","message","details"?}}`.
    ///
    /// The id of the request, which is also in the log, is told to the client for internal errors.
    func response(requestID: String, headers: HTTPFields = HTTPFields()) -> Response {
        var json: [UInt8] = []
        json.append(raw: "{\"error\":{\"code\":")
        json.appendJSON(reason.rawValue)
        json.append(raw: ",\"message\":")
        json.appendJSON(message)
        if let parameter {
            json.append(raw: ",\"details\":{\"parameter\":")
            json.appendJSON(parameter)
            json.append(raw: "}")
        } else if reason == .internal {
            json.append(raw: ",\"details\":{\"request_id\":")
            json.appendJSON(requestID)
            json.append(raw: "}")
        }
        json.append(raw: "}}")
        var headers = headers
        if reason == .unauthorized { headers[.wwwAuthenticate] = "Bearer" }
        return Response(status: status, json: json, headers: headers)
    }
}

extension Response {
    /// An answer that is a JSON text held in memory.
    init(status: HTTPResponse.Status = .ok, json: [UInt8], headers: HTTPFields = HTTPFields()) {
        var headers = headers
        headers[.contentType] = "application/json"
        self.init(status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: json)))
    }
}
