// RequestBodyReader.swift - bodies, bounded while they arrive.

import HTTPTypes
import Hummingbird
import NIOCore
import TraceModel

/// Reads bodies of requests, bounded while they arrive.
///
/// What is left of a refused body is read and dropped by the connection, so that its sender sees the answer.
struct RequestBodyReader {
    /// How much of the budget a body of unknown length takes at once.
    private static let step = 1 << 20

    let maxBodyBytes: Int

    /// Collects the body in one allocation that the lease pays for.
    ///
    /// - Throws: `ReceiverError` with code `tooLarge`, `MemoryShortage`, or what broke the connection.
    func collect(_ request: Request, lease: any MemoryLease) async throws -> BatchStorage {
        let declared = try declaredLength(request)
        try await lease.grow(by: declared ?? 0)
        var body = try BodyBuffer(capacity: declared ?? 0)
        var paid = declared ?? 0
        for try await chunk in request.body {
            let size = body.count + chunk.readableBytes
            guard size <= maxBodyBytes else { throw tooLarge }
            if size > body.capacity {
                let capacity = min(max(body.capacity * 2, size, 4096), maxBodyBytes)
                // Paid in steps, so that small bodies do not touch the budget often.
                let due = (capacity + Self.step - 1) / Self.step * Self.step
                try await lease.grow(by: max(due - paid, 0))
                paid = max(due, paid)
                try body.reserve(capacity)
            }
            body.append(chunk)
        }
        return body.finish()
    }

    /// Reads the body and drops it.
    ///
    /// - Throws: `ReceiverError` with code `tooLarge`, or what broke the connection.
    func discard(_ request: Request) async throws {
        _ = try declaredLength(request)
        var size = 0
        for try await chunk in request.body {
            size += chunk.readableBytes
            guard size <= maxBodyBytes else { throw tooLarge }
        }
    }

    private func declaredLength(_ request: Request) throws(ReceiverError) -> Int? {
        guard let field = request.headers[.contentLength] else { return nil }
        // The HTTP parser has checked the digits; what does not fit an Int is too large as well.
        guard let length = Int(field), length <= maxBodyBytes else {
            throw .bodyTooLarge("\(field) bytes", limit: maxBodyBytes)
        }
        return length
    }

    private var tooLarge: ReceiverError {
        .bodyTooLarge("larger than allowed", limit: maxBodyBytes)
    }
}
