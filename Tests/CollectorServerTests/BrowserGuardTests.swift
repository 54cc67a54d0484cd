// BrowserGuardTests.swift - what pages of other sites may make a browser do.

import TestSupport
import Testing

@testable import CollectorServer

@Suite(.timeLimit(.minutes(1)))
struct BrowserGuardTests {
    private static let cors = "http://localhost:3000"

    /// Sends one request without a body and gives the answer's head and body.
    private func answer(
        _ target: String,
        _ fields: [String],
        configure: (inout CollectorConfig) -> Void = { _ in }
    ) async throws -> String {
        let request = (["\(target) HTTP/1.1", "Content-Length: 0", "Connection: close"] + fields).joined(
            separator: "\r\n"
        )
        let received = Received()
        try await LiveCollector.run(configure: configure) { collector in
            try await collector.connect { connection in
                try await connection.send(request + "\r\n\r\n")
                try await connection.readToEnd()
                await received.set(connection.received)
            }
        }
        return await received.text
    }

    private actor Received {
        var text = ""
        func set(_ text: String) { self.text = text }
    }

    @Test(arguments: [
        "localhost", "LOCALHOST:4318", "127.0.0.1:1", "[::1]:4318", "127.8.9.1", "host.docker.internal:1",
    ])
    func `a name of this machine is served`(_ host: String) async throws {
        #expect(try await answer("GET /health", ["Host: \(host)"]).hasPrefix("HTTP/1.1 200"))
        let export = try await answer("POST /v1/traces", ["Host: \(host)", "Content-Type: application/json"])
        #expect(export.hasPrefix("HTTP/1.1 200"))
    }

    @Test(arguments: [
        "evil.example", "evil.example:4318", "127.0.0.1.evil.example", "localhost.evil.example", "10.0.0.1",
    ])
    func `another name is refused on loopback, and the answer names the setting`(_ host: String) async throws {
        let query = try await answer("GET /v1/traces", ["Host: \(host)"])
        #expect(query.hasPrefix("HTTP/1.1 403"))
        #expect(query.contains("--allowed-host"))
        let export = try await answer("POST /v1/traces", ["Host: \(host)", "Content-Type: application/json"])
        #expect(export.hasPrefix("HTTP/1.1 403"))
        #expect(export.contains(#"{"code":7,"#))
    }

    @Test func `a configured name is served, and probes need none`() async throws {
        let named = try await answer("GET /nowhere", ["Host: traces.test:80"]) { $0.allowedHosts = ["traces.test"] }
        #expect(named.hasPrefix("HTTP/1.1 404"))
        #expect(try await answer("GET /health", ["Host: evil.example"]).hasPrefix("HTTP/1.1 200"))
    }

    @Test(arguments: ["http://evil.example", "null", "http://localhost:3000"])
    func `a page of another origin may not write`(_ origin: String) async throws {
        let fields = ["Host: localhost:4318", "Origin: \(origin)", "Content-Type: application/json"]
        let export = try await answer("POST /v1/traces", fields)
        #expect(export.hasPrefix("HTTP/1.1 403"))
        #expect(export.contains("--cors-origin"))
        #expect(!export.lowercased().contains("access-control"))
    }

    @Test func `the page of the server itself may write`() async throws {
        let fields = ["Host: localhost:4318", "Origin: http://localhost:4318", "Content-Type: application/json"]
        #expect(try await answer("POST /v1/traces", fields).hasPrefix("HTTP/1.1 200"))
    }

    @Test func `a configured origin may write, and reads the answer`() async throws {
        let fields = ["Host: localhost", "Origin: \(Self.cors)", "Content-Type: application/json"]
        let export = try await answer("POST /v1/traces", fields) { $0.corsOrigins = [Self.cors] }.lowercased()
        #expect(export.hasPrefix("http/1.1 200"))
        #expect(export.contains("access-control-allow-origin: \(Self.cors)\r\n"))
        #expect(export.contains("vary: origin\r\n"))
    }

    @Test func `a preflight is answered for a configured origin alone`() async throws {
        func preflight(_ origin: String) async throws -> String {
            let fields = ["Host: localhost", "Origin: \(origin)", "Access-Control-Request-Method: POST"]
            return try await answer("OPTIONS /v1/traces", fields) { $0.corsOrigins = [Self.cors] }.lowercased()
        }
        let allowed = try await preflight(Self.cors)
        #expect(allowed.hasPrefix("http/1.1 204"))
        for name in ["content-type", "content-encoding", "authorization", "x-skein-project"] {
            #expect(allowed.contains(name))
        }
        #expect(allowed.contains("access-control-max-age:"))
        let foreign = try await preflight("http://evil.example")
        #expect(foreign.hasPrefix("http/1.1 405"))
        #expect(!foreign.contains("access-control"))
    }

    @Test func `hosts and origins come from flags, else from the environment, and wrong ones are named`() throws {
        var environment = ["HOME": "/home/me", "SKEIN_ALLOWED_HOSTS": "a.test, b.test"]
        environment["SKEIN_CORS_ORIGINS"] = "http://a.test,http://b.test:1"
        var config = try CollectorConfig(flags: CollectorFlags(), environment: environment)
        #expect(config.allowedHosts == ["a.test", "b.test"])
        #expect(config.corsOrigins == ["http://a.test", "http://b.test:1"])
        var flags = CollectorFlags()
        flags.allowedHosts = ["c.test"]
        config = try CollectorConfig(flags: flags, environment: environment)
        #expect(config.allowedHosts == ["c.test"])
        flags.corsOrigins = ["a.test"]
        let error = #expect(throws: ConfigError.self) {
            _ = try CollectorConfig(flags: flags, environment: environment)
        }
        #expect(error?.message.contains("cors_origins") == true)
    }
}
