// ControlClient.swift - asks a running collector through its socket.

import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import TraceModel
import TraceStore

/// The keys, prices and index of a running collector, through the socket in its data directory.
struct ControlClient: KeyStore, PriceKeeper, IndexKeeper {
    private let path: String
    private let timeout = TimeAmount.seconds(60)
    private let maxAnswerBytes = 64 << 20

    /// A client of the collector that uses a directory; nil when none answers there.
    init?(directory: String) async {
        path = ControlSocket.path(directory)
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        // Also of a collector that ended without removing it.
        do { _ = try await send("GET", "/keys") } catch { return nil }
    }

    /// See `KeyStore`.
    func keys() async throws(StoreError) -> [AccessKey] {
        try await answer("GET", "/keys")
    }

    /// See `KeyStore`.
    func addKey(_ key: AccessKey) async throws(StoreError) {
        let _: [AccessKey] = try await answer("POST", "/keys", key)
    }

    /// See `KeyStore`.
    func revokeKey(_ id: String) async throws(StoreError) -> AccessKey? {
        let name = id.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
        let revoked: [AccessKey] = try await answer("DELETE", "/keys/\(name)")
        return revoked.first
    }

    /// See `PriceKeeper`.
    func reprice(after number: Int64) async throws(StoreError) -> RepriceProgress {
        try await answer("POST", "/reprice/\(number)")
    }

    /// See `IndexKeeper`.
    func reindex(after part: Int64?) async throws(StoreError) -> ReindexProgress {
        try await answer("POST", part.map { "/reindex/\($0)" } ?? "/reindex")
    }

    /// See `IndexKeeper`; none when the server does not answer.
    func indexLag() async -> IndexLag {
        do {
            return try await answer("GET", "/index-lag")
        } catch {
            return IndexLag()
        }
    }

    /// Deletes traces.
    ///
    /// - Parameter path: What follows `/v1/traces`: an id or a query.
    /// - Returns: How many, and whether the same would go on.
    /// - Throws: `StoreError`.
    func remove(_ path: String) async throws(StoreError) -> (deleted: Int, hasMore: Bool) {
        let done: Removed = try await answer("DELETE", "/v1/traces\(path)")
        return (done.deleted, done.hasMore ?? false)
    }

    private struct Removed: Decodable {
        let deleted: Int
        let hasMore: Bool?

        enum CodingKeys: String, CodingKey {
            case deleted
            case hasMore = "has_more"
        }
    }

    private func answer<Answer: Decodable>(
        _ method: String,
        _ uri: String,
        _ body: AccessKey? = nil
    ) async throws(StoreError) -> Answer {
        do {
            let data = try await send(method, uri, body)
            if let answer = try? JSONDecoder().decode(Answer.self, from: data) { return answer }
            let refusal = try JSONDecoder().decode(Refusal.self, from: data).error
            throw StoreError(code: ErrorCode(rawValue: refusal.code) ?? .unavailable, message: refusal.message)
        } catch let error as StoreError {
            throw error
        } catch {
            throw StoreError(code: .unavailable, message: "the running server did not answer: \(error)")
        }
    }

    private func send(_ method: String, _ uri: String, _ body: AccessKey? = nil) async throws -> Data {
        guard let url = URL(httpURLWithSocketPath: path, uri: uri) else {
            throw StoreError(code: .unavailable, message: "\(path) is no path of a socket")
        }
        var request = HTTPClientRequest(url: url.absoluteString)
        request.method = .RAW(value: method)
        if let body { request.body = .bytes(ByteBuffer(bytes: try JSONEncoder().encode(body))) }
        let response = try await HTTPClient.shared.execute(request, timeout: timeout)
        return Data(try await response.body.collect(upTo: maxAnswerBytes).readableBytesView)
    }

    private struct Refusal: Decodable {
        struct Content: Decodable {
            let code: String
            let message: String
        }

        let error: Content
    }
}
