// KeysTests.swift - keys and projects from outside.

import CollectorServer
import Foundation
import GRPCCore
import NIOHTTP1
import TestSupport
import Testing
import TraceModel
import TraceStore

struct KeysTests {
    private static let protobuf = ("Content-Type", "application/x-protobuf")

    /// Makes a key through the socket of the running server, as `skein keys create` does.
    private static func key(
        _ server: LiveServer,
        _ project: String,
        _ scopes: Set<AccessScope> = [.ingest, .read]
    ) async throws -> String {
        let key = APIKey()
        let keys = try await OwnedKeys.open(directory: server.folder)
        try await keys.addKey(try key.record(name: "", project: project, scopes: scopes))
        return key.text
    }

    private static func body(_ trace: UInt64 = 1, _ name: String = "root") -> [UInt8] {
        SampleSpan.request([SampleSpan(trace: trace, id: 1, name: name)])
    }

    @Test func `a running server asks for a key as soon as there is one`() async throws {
        try await LiveServer.run { (server: LiveServer) async throws -> Void in
            #expect(try await server.send(.GET, "/v1/traces").status == 200)
            let key = try await Self.key(server, "shop")
            let refused = try await server.send(.GET, "/v1/traces")
            #expect(refused.status == 401)
            #expect(refused.headers.first(name: "www-authenticate") == "Bearer")
            #expect(refused.text.contains("skein keys create"))
            #expect(try await server.send(.GET, "/v1/traces", headers: [("x-api-key", key)]).status == 200)
            #expect(try await server.send(.GET, "/health").status == 200)
            #expect(try await server.send(.GET, "/ready").status == 200)
            #expect(try await server.send(.GET, "/metrics").status == 401)
            #expect(try await server.send(.GET, "/metrics", headers: [("x-api-key", key)]).status == 200)
        }
    }

    @Test func `a key is taken wherever clients put it, over HTTP and gRPC`() async throws {
        try await LiveServer.run { (server: LiveServer) async throws -> Void in
            let key = try await Self.key(server, "shop")
            let basic = Data("anybody:\(key)".utf8).base64EncodedString()
            let places = [
                ("authorization", "Bearer \(key)"), ("authorization", "Basic \(basic)"), ("x-api-key", key),
                ("api_key", key),
            ]
            for (number, place) in places.enumerated() {
                let body = Self.body(UInt64(number + 1))
                let answer = try await server.send(
                    .POST,
                    "/v1/traces",
                    headers: [Self.protobuf, place],
                    body: Data(body)
                )
                #expect(answer.status == 200, "\(place.0): \(answer.text)")
                let metadata = Metadata(dictionaryLiteral: (place.0, .string(place.1)))
                #expect(try await server.call(.exportTraces, body, metadata: metadata).message == [])
            }
            #expect(try await server.rows(headers: [places[0]]).count == places.count)
        }
    }

    @Test func `without a key an export is refused in its own encoding, and nothing is stored`() async throws {
        try await LiveServer.run { (server: LiveServer) async throws -> Void in
            let key = try await Self.key(server, "shop")
            for path in ["/v1/traces", "/api/public/otel/v1/traces", "/v1/logs", "/v1/metrics"] {
                let answer = try await server.send(.POST, path, headers: [Self.protobuf], body: Data(Self.body()))
                #expect(answer.status == 401)
                #expect(answer.contentType == "application/x-protobuf")
                // google.rpc.Status, code 16.
                #expect(answer.body.starts(with: [0x08, 16]))
            }
            for method in [MethodDescriptor.exportTraces, .exportLogs, .exportMetrics] {
                let reply = try await server.call(method, Self.body(), metadata: ["x-api-key": "wrong"])
                #expect(reply.error?.code == .unauthenticated)
            }
            #expect(try await server.call(.checkHealth, []).error == nil)
            #expect(try await server.rows(headers: [("x-api-key", key)]).isEmpty)
        }
    }

    @Test func `a key without the scope is forbidden`() async throws {
        try await LiveServer.run { (server: LiveServer) async throws -> Void in
            let reader = try await Self.key(server, "shop", [.read])
            let sender = try await Self.key(server, "shop", [.ingest])
            let headers = [Self.protobuf, ("x-api-key", reader)]
            #expect(try await server.send(.POST, "/v1/traces", headers: headers, body: Data(Self.body())).status == 403)
            let reply = try await server.call(.exportTraces, Self.body(), metadata: ["x-api-key": .string(reader)])
            #expect(reply.error?.code == .permissionDenied)
            let answer = try await server.send(.GET, "/v1/traces", headers: [("x-api-key", sender)])
            #expect(answer.status == 403)
            #expect(answer.text.contains("'read'"))
        }
    }

    @Test func `a key writes to its project alone, and reads nothing else`() async throws {
        try await LiveServer.run { (server: LiveServer) async throws -> Void in
            // Named by the sender, and not asked: the key decides.
            let named = [Self.protobuf, ("X-Skein-Project", "bank")]
            let trace = SampleSpan(trace: 1, id: 1).trace.hex
            var keys: [String: String] = [:]
            for project in ["shop", "bank"] {
                let key = try await Self.key(server, project)
                keys[project] = key
                let headers = named + [("x-api-key", key)]
                let body = Data(Self.body(1, "root of \(project)"))
                #expect(try await server.send(.POST, "/v1/traces", headers: headers, body: body).status == 200)
            }
            for (project, key) in keys {
                let mine = [("x-api-key", key)]
                let rows = try await server.rows(headers: mine)
                #expect(rows.map { $0["project"] as? String } == [project])
                let detail = try #require(try await server.data("/v1/traces/\(trace)", headers: mine) as? [String: Any])
                #expect((detail["root_span"] as? [String: Any])?["name"] as? String == "root of \(project)")
                #expect(detail["also_in_projects"] as? [String] ?? [] == [])
                #expect(try await server.send(.GET, "/v1/traces?project=\(project)", headers: mine).status == 200)
                let other = project == "shop" ? "bank" : "shop"
                #expect(try await server.send(.GET, "/v1/traces?project=\(other)", headers: mine).status == 403)
            }
        }
    }

    @Test func `a revoked key is refused at once, and keys outlive the server`() async throws {
        let folder = LiveServer.temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let key = APIKey()
        // Made before the first start, in the file itself.
        let record = try key.record(name: "ci", project: "shop", scopes: [.ingest])
        try await OwnedKeys.open(directory: folder).addKey(record)
        let headers = [Self.protobuf, ("x-api-key", key.text)]
        try await LiveServer.run(folder: folder) { (server: LiveServer) async throws -> Void in
            #expect(try await server.send(.POST, "/v1/traces", headers: headers, body: Data(Self.body())).status == 200)
            let keys = try await OwnedKeys.open(directory: folder)
            #expect(try await keys.keys() == [record])
            #expect(try await keys.revokeKey(key.id)?.revokedAt != nil)
            #expect(try await keys.revokeKey("nobody") == nil)
            #expect(try await server.send(.POST, "/v1/traces", headers: headers, body: Data(Self.body())).status == 401)
        }
        #expect(!FileManager.default.fileExists(atPath: folder + "/skein.sock"))
        try await LiveServer.run(folder: folder) { (server: LiveServer) async throws -> Void in
            #expect(try await server.send(.POST, "/v1/traces", headers: headers, body: Data(Self.body())).status == 401)
            #expect(try await server.send(.GET, "/v1/traces").status == 401)
        }
    }

    @Test func `the socket for the owner is for the owner alone, also below a long path`() async throws {
        let folder = LiveServer.temporaryFolder() + String(repeating: "/folder", count: 20)
        try await LiveServer.run(folder: folder) { (server: LiveServer) async throws -> Void in
            let attributes = try FileManager.default.attributesOfItem(atPath: folder + "/skein.sock")
            #expect(attributes[.posixPermissions] as? Int == 0o600)
            _ = try await Self.key(server, "shop")
            #expect(try await server.send(.GET, "/v1/traces").status == 401)
        }
        try FileManager.default.removeItem(atPath: folder)
    }
}
