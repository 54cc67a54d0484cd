// JSONChunks.swift - a long text on its way to the client.

import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import TraceModel

/// Collects JSON, or another text, and hands it on in chunks; the client's speed bounds what is in memory.
struct JSONChunks {
    /// What is not handed on yet.
    var json: [UInt8]

    /// Handed on when so much has come together.
    private static let enough = 128 << 10
    /// Most bytes in one write.
    private static let most = 256 << 10

    /// Begins with `head`.
    init(_ head: [UInt8]) {
        json = head
        json.reserveCapacity(Self.enough * 2)
    }

    /// Hands on what has come together, when it is enough.
    mutating func flushIfEnough(to writer: inout any ResponseBodyWriter) async throws {
        if json.count >= Self.enough { try await flush(to: &writer) }
    }

    /// Hands on everything and ends the answer.
    mutating func finish(to writer: inout any ResponseBodyWriter) async throws {
        try await flush(to: &writer)
        try await writer.finish(nil)
    }

    private mutating func flush(to writer: inout any ResponseBodyWriter) async throws {
        for start in stride(from: 0, to: json.count, by: Self.most) {
            try await writer.write(ByteBuffer(bytes: json[start..<min(start + Self.most, json.count)]))
        }
        // Memory that one huge span took is not kept for the rest of the answer.
        if json.capacity > Self.most * 2 {
            json = []
            json.reserveCapacity(Self.enough * 2)
        } else {
            json.removeAll(keepingCapacity: true)
        }
    }
}

extension Response {
    /// An answer of unknown length that is made while it is sent; JSON, unless its headers say otherwise.
    ///
    /// When `write` fails the status is long gone: the body ends without its last chunk, and the log says why.
    static func streamed(
        _ logger: Logger,
        headers: HTTPFields = [.contentType: "application/json"],
        _ write: @escaping @Sendable (inout any ResponseBodyWriter) async throws -> Void
    ) -> Response {
        let body = ResponseBody { writer in
            do {
                try await write(&writer)
            } catch let error as any CollectorError {
                logger.warning("answer cut off", metadata: ["error.message": "\(error.message)"])
                throw error
            }
        }
        return Response(status: .ok, headers: headers, body: body)
    }
}
