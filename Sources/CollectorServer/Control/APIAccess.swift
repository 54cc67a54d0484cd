// APIAccess.swift - a way to the API of a collector, for commands.

import AsyncHTTPClient
import Foundation
import Logging
import NIOCore
import NIOHTTP1
import ServiceLifecycle
import TraceModel
import TraceStore

/// A way to the API of a collector: to a server by its address, to the one that runs on a data directory, or to the data
/// itself when none does.
///
/// Without an address it acts as the owner of the directory: it needs no key, and sees every project.
public struct APIAccess: Sendable {
    /// How it goes.
    public enum Way: Sendable, Equatable {
        /// Over HTTP, to this address.
        case server(String)
        /// Through the socket of the collector that runs on the directory.
        case socket
        /// To the store, which is open as long as this is, and locked for others.
        case store
    }

    /// How it goes.
    public let way: Way
    private let base: String
    private let key: String?
    private let client: HTTPClient
    private let owned: OwnedStore?

    /// Finds a way.
    ///
    /// - Parameters:
    ///   - config: Names the data directory; its other settings hold where the store is opened here.
    ///   - url: The address of a server, such as `http://127.0.0.1:4318`; nil for the data directory.
    ///   - key: A key of that server; nil for none.
    ///   - makesDatabase: Whether a directory without a database gets one; what only reads wants none.
    /// - Returns: Has to be closed.
    /// - Throws: `StoreError` when the address is none, or the directory cannot be used.
    public static func open(
        _ config: CollectorConfig,
        url: String? = nil,
        key: String? = nil,
        makesDatabase: Bool = true
    ) async throws -> APIAccess {
        if let url { return try APIAccess(.server(url), base: checked(url), key: key) }
        let directory = config.dataDirectory
        if await ControlClient(directory: directory) != nil {
            return try APIAccess(.socket, base: socketBase(directory))
        }
        if !makesDatabase { try OwnedDatabase.require(in: directory) }
        let owned = try await OwnedStore(config)
        do {
            return try APIAccess(.store, base: socketBase(directory), owned: owned)
        } catch {
            await owned.close()
            throw error
        }
    }

    private init(_ way: Way, base: String, key: String? = nil, owned: OwnedStore? = nil) {
        self.way = way
        self.base = base
        self.key = key
        self.owned = owned
        // An answer may be read as slowly as its reader likes, so that only connecting has a limit.
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        configuration.timeout.connect = .seconds(10)
        // Who refuses a connection is not there: nobody wants to wait for that to change.
        configuration.connectionPool.retryConnectionEstablishment = false
        client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    /// Asks for something.
    ///
    /// - Parameters:
    ///   - path: Such as `/v1/traces`; percent-encoded where need be.
    ///   - query: Names and values, as they are; encoded here.
    /// - Returns: The status, and the body as it comes in, at the speed of its reader.
    /// - Throws: `StoreError` with code `unavailable` when there is no answer.
    public func get(_ path: String, _ query: [(name: String, value: String)] = []) async throws -> APIAnswer {
        try await send(.GET, path, query, headers: [:], body: nil)
    }

    /// Sends something.
    ///
    /// - Parameters:
    ///   - path: Such as `/v1/traces`.
    ///   - body: Sent as it is.
    ///   - contentType: The media type of the body.
    ///   - project: The project that the body belongs to; nil for what it says itself.
    ///   - headers: Further header fields.
    /// - Returns: The status, and the body as it comes in.
    /// - Throws: `StoreError` with code `unavailable` when there is no answer.
    public func post(
        _ path: String,
        body: [UInt8],
        contentType: String,
        project: String? = nil,
        headers: [String: String] = [:]
    ) async throws -> APIAnswer {
        var fields = HTTPHeaders(headers.map { ($0.key, $0.value) })
        fields.add(name: "content-type", value: contentType)
        if let project { fields.add(name: "x-skein-project", value: project) }
        return try await send(.POST, path, [], headers: fields, body: body)
    }

    /// Gives everything free that it holds; a store that was opened is closed.
    public func close() async {
        // Fails only when it was closed before.
        try? await client.shutdown()
        await owned?.close()
    }

    private func send(
        _ method: HTTPMethod,
        _ path: String,
        _ query: [(name: String, value: String)],
        headers: HTTPHeaders,
        body: [UInt8]?
    ) async throws -> APIAnswer {
        let pairs = query.map { "\(Self.encoded($0.name))=\(Self.encoded($0.value))" }.joined(separator: "&")
        var request = HTTPClientRequest(url: base + path + (pairs.isEmpty ? "" : "?" + pairs))
        request.method = method
        request.headers = headers
        if let key { request.headers.add(name: "authorization", value: "Bearer \(key)") }
        if let body { request.body = .bytes(ByteBuffer(bytes: body)) }
        do {
            let response = try await client.execute(request, deadline: .distantFuture)
            return APIAnswer(response)
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            throw StoreError(noAnswerBy: way, error)
        }
    }

    private static func encoded(_ text: String) -> String {
        let plain = CharacterSet(charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~")
        return text.addingPercentEncoding(withAllowedCharacters: plain) ?? ""
    }

    private static func checked(_ url: String) throws -> String {
        guard let parts = URL(string: url), ["http", "https"].contains(parts.scheme), parts.host?.isEmpty == false,
            parts.query == nil, parts.fragment == nil
        else {
            throw StoreError(
                code: .invalid,
                message: "\"\(url)\" is no address of a server; it is like http://127.0.0.1:4318"
            )
        }
        return url.hasSuffix("/") ? String(url.dropLast()) : url
    }

    private static func socketBase(_ directory: String) throws -> String {
        let path = ControlSocket.path(directory)
        guard let url = URL(httpURLWithSocketPath: path, uri: "/") else {
            throw StoreError(code: .unavailable, message: "\(path) is no path of a socket")
        }
        return String(url.absoluteString.dropLast())
    }
}

/// The store of a data directory, opened by a command and served through the socket there.
private struct OwnedStore: Sendable {
    private let group: ServiceGroup
    private let running: Task<Void, any Error>

    init(_ config: CollectorConfig) async throws {
        var logger = Logger(label: "skein") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = max(config.logLevel, .warning)
        let (group, control) = try CollectorServer.onSQLite(config: config, logger: logger).forOwner()
        self.group = group
        running = Task { try await group.run() }
        await control.waitUntilTried()
    }

    func close() async {
        await group.triggerGracefulShutdown()
        // What failed was logged.
        _ = try? await running.value
    }
}
