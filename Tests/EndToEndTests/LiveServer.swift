// LiveServer.swift - the real server for a test: loopback, a free port, a fresh folder.

import AsyncHTTPClient
import CollectorServer
import Foundation
import Logging
import NIOCore
import NIOFoundationCompat
import NIOHTTP1
import ServiceLifecycle
import Testing

/// A running collector, and what a client needs to talk to it.
struct LiveServer: Sendable {
    let url: String
    let grpc: ListenAddress
    let folder: String

    /// Boots a server, runs `body` and stops it again, whatever happens.
    static func run(
        folder: String? = nil,
        configure: (inout CollectorConfig) -> Void = { _ in },
        _ body: @escaping @Sendable (LiveServer) async throws -> Void
    ) async throws {
        let place = folder ?? temporaryFolder()
        defer { if folder == nil { try? FileManager.default.removeItem(atPath: place) } }
        var config = CollectorConfig(dataDirectory: place)
        config.http = ListenAddress(host: "127.0.0.1", port: 0)
        config.grpc = .at(ListenAddress(host: "127.0.0.1", port: 0))
        // Many servers share a machine here.
        config.queryTimeout = .seconds(120)
        configure(&config)
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let (addresses, report) = AsyncStream.makeStream(of: ServedAddresses.self)
        let server = try CollectorServer.onSQLite(config: config, logger: logger) { report.yield($0) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            let stop = GracefulStop()
            group.addTask { try await stop.run { try await server.run() } }
            group.addTask {
                defer { stop.trigger() }
                var iterator = addresses.makeAsyncIterator()
                let served = try #require(await iterator.next())
                let grpc = try #require(served.grpc)
                try await body(
                    LiveServer(url: "\(served.isSecure ? "https" : "http")://\(served.http)", grpc: grpc, folder: place)
                )
            }
            try await group.waitForAll()
        }
    }

    enum Method: String {
        case GET, HEAD, POST, PUT, DELETE, TRACE
    }

    static func temporaryFolder() -> String {
        FileManager.default.temporaryDirectory.appendingPathComponent("skein-\(UUID().uuidString)").path
    }

    func send(
        _ method: Method = .GET,
        _ path: String,
        headers: [(String, String)] = [],
        body: Data? = nil
    ) async throws -> Answer {
        var request = HTTPClientRequest(url: url + path)
        request.method = HTTPMethod(rawValue: method.rawValue)
        request.headers = HTTPHeaders(headers)
        if let body { request.body = .bytes(ByteBuffer(bytes: body)) }
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(60))
        let collected = try await response.body.collect(upTo: 256 << 20)
        return Answer(
            status: Int(response.status.code),
            headers: response.headers,
            body: Data(collected.readableBytesView)
        )
    }

    /// The `data` of an answer that must be 200.
    func data(_ path: String, headers: [(String, String)] = []) async throws -> Any {
        let answer = try await send(.GET, path, headers: headers)
        #expect(answer.status == 200, "\(path): \(answer.text)")
        return try #require(try answer.object()["data"])
    }

    func rows(_ path: String = "/v1/traces", headers: [(String, String)] = []) async throws -> [[String: Any]] {
        try #require(try await data(path, headers: headers) as? [[String: Any]])
    }
}

/// An answer of the server.
struct Answer {
    var status: Int
    var headers: HTTPHeaders
    var body: Data

    var contentType: String? { headers.first(name: "content-type") }

    var text: String { String(decoding: body, as: UTF8.self) }

    func object() throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: body) as? [String: Any])
    }
}

/// Runs a service and stops it gracefully from outside.
private struct GracefulStop: Sendable {
    private let requests: AsyncStream<Void>
    private let request: AsyncStream<Void>.Continuation

    init() {
        (requests, request) = AsyncStream.makeStream(of: Void.self)
    }

    func trigger() {
        request.finish()
    }

    func run(_ body: @escaping @Sendable () async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await body() }
            group.addTask {
                for await _ in requests {}
                throw CancellationError()
            }
            do {
                try await group.next()
            } catch is CancellationError {
                group.cancelAll()
            }
        }
    }
}
