// APIAnswer.swift - what an API answered.

import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
public import TraceModel
import TraceStore

/// What an API answered.
public struct APIAnswer: Sendable {
    /// The HTTP status.
    public let status: Int
    /// The body, as it comes in; read once.
    public let body: APIBody
    private let headers: HTTPHeaders

    init(_ response: HTTPClientResponse) {
        status = Int(response.status.code)
        body = APIBody(response.body)
        headers = response.headers
    }

    /// The first value of a header field; nil when there is none.
    public func header(_ name: String) -> String? {
        headers.first(name: name)
    }

    /// The whole body.
    ///
    /// - Parameter limit: Most bytes.
    /// - Returns: The bytes.
    /// - Throws: `StoreError` when there is more, or the body is cut off.
    public func collect(upTo limit: Int = 64 << 20) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        for try await chunk in body {
            bytes += chunk
            guard bytes.count <= limit else {
                throw StoreError(code: .tooLarge, message: "the answer is larger than \(limit) bytes")
            }
        }
        return bytes
    }

    /// Makes sure that the answer is a success.
    ///
    /// - Returns: Itself.
    /// - Throws: `APIRefusal` with the message of the answer when it is not.
    public func checked() async throws -> APIAnswer {
        guard !(200..<300).contains(status) else { return self }
        throw APIRefusal(status: status, body: try await collect(upTo: 1 << 20))
    }
}

/// The body of an answer, in chunks, at the speed of its reader.
public struct APIBody: AsyncSequence, Sendable {
    private let body: HTTPClientResponse.Body

    init(_ body: HTTPClientResponse.Body) {
        self.body = body
    }

    /// Reads the body from its start; there is only one.
    public func makeAsyncIterator() -> Iterator {
        Iterator(chunks: body.makeAsyncIterator())
    }

    /// Gives one chunk after the other.
    public struct Iterator: AsyncIteratorProtocol {
        fileprivate var chunks: HTTPClientResponse.Body.AsyncIterator

        /// The next chunk; nil at the end.
        ///
        /// - Throws: `StoreError` with code `unavailable` when the body ends too early.
        public mutating func next() async throws -> [UInt8]? {
            do {
                return try await chunks.next().map { Array($0.readableBytesView) }
            } catch is CancellationError {
                throw CancellationError()
            } catch {
                throw StoreError(code: .unavailable, message: "the answer was cut off: \(error)")
            }
        }
    }
}

/// An answer that is no success.
public struct APIRefusal: CollectorError, Equatable {
    /// The HTTP status.
    public let status: Int
    /// What the server says, or the status where it says nothing.
    public let message: String

    /// Reads the message of an error: of the query API, or of OTLP in JSON or protobuf.
    init(status: Int, body: [UInt8]) {
        struct Content: Decodable {
            var code: String?
            var message: String?
        }
        struct Answer: Decodable {
            var error: Content?
            var message: String?
        }
        self.status = status
        let answer = try? JSONDecoder().decode(Answer.self, from: Data(body))
        let text = answer == nil ? ProtobufText.field([2], of: body) : answer?.error?.message ?? answer?.message
        message = text ?? "the server answers with status \(status)"
    }

    /// See `CollectorError`.
    public var code: ErrorCode {
        switch status {
        case 401: .unauthenticated
        case 403: .forbidden
        case 404: .notFound
        case 413: .tooLarge
        case 429: .overloaded
        case 502, 503, 504: .unavailable
        case 500...: .internal
        default: .invalid
        }
    }
}
