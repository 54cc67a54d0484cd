// LiveStream.swift - a client of GET /v1/live that reads event by event.

import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import Testing

/// One event of a live stream.
struct LiveEvent: Sendable {
    var name: String
    var id: String?
    var data: String

    func object() throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(data.utf8)) as? [String: Any])
    }

    /// The name of the root, of an event that shows a trace.
    func root() throws -> String? {
        let trace = try object()["trace"] as? [String: Any]
        return (trace?["root_span"] as? [String: Any])?["name"] as? String
    }
}

/// An open answer of GET /v1/live.
struct LiveStream {
    private var chunks: HTTPClientResponse.Body.AsyncIterator
    private var text = ""
    /// The id to go on from.
    private(set) var lastID: String?
    /// Comments so far.
    private(set) var comments: [String] = []

    static func open(
        _ server: LiveServer,
        _ query: String = "",
        headers: [(String, String)] = []
    ) async throws -> LiveStream {
        var request = HTTPClientRequest(url: server.url + "/v1/live" + query)
        request.headers = HTTPHeaders(headers)
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(60))
        #expect(response.status == .ok)
        #expect(response.headers.first(name: "content-type") == "text/event-stream")
        var stream = LiveStream(chunks: response.body.makeAsyncIterator())
        // The greeting: from here on nothing is missed.
        while stream.lastID == nil { try #require(try await stream.step() != nil) }
        return stream
    }

    private init(chunks: HTTPClientResponse.Body.AsyncIterator) {
        self.chunks = chunks
    }

    /// The next event; nil when the server ended the stream.
    mutating func next() async throws -> LiveEvent? {
        while let block = try await step() {
            if let block { return block }
        }
        return nil
    }

    /// Reads until a heartbeat.
    mutating func heartbeat() async throws {
        let before = comments.count
        while comments.count == before { try #require(try await step() != nil) }
    }

    /// One block; the inner value is nil when it has no event.
    private mutating func step() async throws -> LiveEvent?? {
        while true {
            if let end = text.range(of: "\n\n") {
                let block = String(text[..<end.lowerBound])
                text.removeSubrange(..<end.upperBound)
                return .some(take(block))
            }
            guard let chunk = try await chunks.next() else { return nil }
            text += String(buffer: chunk)
        }
    }

    private mutating func take(_ block: String) -> LiveEvent? {
        var event = LiveEvent(name: "message", data: "")
        for line in block.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix(":") { comments.append(String(line)) }
            if line.hasPrefix("event: ") { event.name = String(line.dropFirst(7)) }
            if line.hasPrefix("data: ") { event.data += line.dropFirst(6) }
            if line.hasPrefix("id: ") {
                event.id = String(line.dropFirst(4))
                lastID = event.id
            }
        }
        return event.data.isEmpty ? nil : event
    }
}
