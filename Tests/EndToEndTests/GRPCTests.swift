// GRPCTests.swift - OTLP/gRPC from outside, with a client of another make.

import CollectorServer
import Foundation
import GRPCCore
import TestSupport
import Testing
import TraceModel

struct GRPCTests {
    private static let protobuf = [("Content-Type", "application/x-protobuf")]

    @Test func `an export is answered with an empty message, and its spans can be read over HTTP`() async throws {
        try await LiveServer.run { (server: LiveServer) async throws -> Void in
            let spans = [SampleSpan(trace: 1, id: 1, name: "root"), SampleSpan(trace: 1, id: 2, parent: 1)]
            let reply = try await server.call(.exportTraces, SampleSpan.request(spans))
            #expect(reply.message == [])
            let detail = try #require(try await server.data("/v1/traces/\(spans[0].trace.hex)") as? [String: Any])
            #expect((detail["spans"] as? [Any])?.count == 2)
            #expect((detail["root_span"] as? [String: Any])?["name"] as? String == "root")
        }
    }

    @Test func `a gzip message is stored, and the answer is gzip too`() async throws {
        try await LiveServer.run { (server: LiveServer) async throws -> Void in
            let message = SampleSpan.request([SampleSpan(trace: 1, id: 1), SampleSpan(trace: 1, id: 0)])
            let reply = try await server.call(.exportTraces, message, compression: .gzip)
            // partial_success (1), rejected_spans (1) = 1.
            let answer = try #require(reply.message)
            #expect(answer.first == 0x0A)
            #expect(answer.dropFirst(2).starts(with: [0x08, 1, 0x12]))
            #expect(Array(reply.metadata[stringValues: "grpc-encoding"]) == ["gzip"])
            #expect(try await server.rows().first?["span_count"] as? Int == 1)
        }
    }

    @Test func `a compression that is not offered is unimplemented, and gzip is named`() async throws {
        try await LiveServer.run { (server: LiveServer) async throws -> Void in
            let message = SampleSpan.request([SampleSpan(trace: 1, id: 1)])
            let reply = try await server.call(.exportTraces, message, compression: .deflate)
            #expect(reply.error?.code == .unimplemented)
            let offered = reply.error?.metadata[stringValues: "grpc-accept-encoding"].joined(separator: ",")
            #expect(offered?.contains("gzip") == true)
        }
    }

    @Test func `a span of zero ids is rejected alone`() async throws {
        try await LiveServer.run { (server: LiveServer) async throws -> Void in
            let message = SampleSpan.request([SampleSpan(trace: 1, id: 1), SampleSpan(trace: 1, id: 0)])
            let answer = try #require(try await server.call(.exportTraces, message).message)
            #expect(answer.first == 0x0A)
            #expect(answer.dropFirst(2).starts(with: [0x08, 1, 0x12]))
            #expect(String(decoding: answer, as: UTF8.self).contains("span_id"))
            #expect(try await server.rows().first?["span_count"] as? Int == 1)
        }
    }

    @Test func `bad data is an invalid argument with details`() async throws {
        try await LiveServer.run { (server: LiveServer) async throws -> Void in
            let reply = try await server.call(.exportTraces, [0x0A, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F, 1, 2, 3])
            #expect(reply.error?.code == .invalidArgument)
            #expect(reply.error?.message.isEmpty == false)
            let details = try #require(reply.details)
            #expect(details.prefix(2) == [0x08, 3])
            #expect(String(decoding: details, as: UTF8.self).contains("google.rpc.BadRequest"))
            #expect(try await server.rows().isEmpty)
        }
    }

    @Test func `a message over the limit is refused, and the server lives`() async throws {
        let limit = 4096
        try await LiveServer.run(configure: { $0.maxBodyBytes = limit }) { (server: LiveServer) async throws -> Void in
            let span = SampleSpan(trace: 1, id: 1, name: String(repeating: "x", count: 1 << 20))
            let reply = try await server.call(.exportTraces, SampleSpan.request([span]))
            #expect(reply.error?.code == .resourceExhausted)
            #expect(reply.error?.message.contains("limit is \(limit) bytes (receivers.otlp.max_body_bytes)") == true)
            #expect(reply.details == nil)
            let small = SampleSpan.request([SampleSpan(trace: 1, id: 2)])
            #expect(try await server.call(.exportTraces, small).message == [])
        }
    }

    @Test func `a gzip message that inflates over the limit is refused, and the server lives`() async throws {
        let limit = 4096
        try await LiveServer.run(configure: { $0.maxBodyBytes = limit }) { (server: LiveServer) async throws -> Void in
            let span = SampleSpan(trace: 1, id: 1, name: String(repeating: "x", count: 1 << 20))
            let reply = try await server.call(.exportTraces, SampleSpan.request([span]), compression: .gzip)
            #expect(reply.error?.code == .resourceExhausted)
            // Sent it was small enough.
            #expect(reply.error?.message.contains("after decompression, limit is \(limit) bytes") == true)
            let small = SampleSpan.request([SampleSpan(trace: 1, id: 2)])
            #expect(try await server.call(.exportTraces, small, compression: .gzip).message == [])
        }
    }

    @Test func `metadata names the project`() async throws {
        try await LiveServer.run { (server: LiveServer) async throws -> Void in
            let message = SampleSpan.request([SampleSpan(trace: 1, id: 1)])
            let reply = try await server.call(.exportTraces, message, metadata: ["x-skein-project": "shop"])
            #expect(reply.message == [])
            #expect(try await server.rows().first?["project"] as? String == "shop")
            var twice: Metadata = ["x-skein-project": "shop"]
            twice.addString("till", forKey: "x-skein-project")
            for bad in [twice, ["x-skein-project": .string(String(repeating: "x", count: 129))]] {
                let refused = try await server.call(.exportTraces, message, metadata: bad)
                #expect(refused.error?.code == .invalidArgument)
                #expect(refused.error?.message.contains("X-Skein-Project") == true)
            }
        }
    }

    @Test func `metrics and empty logs are answered with success`() async throws {
        try await LiveServer.run { (server: LiveServer) async throws -> Void in
            #expect(try await server.call(.exportMetrics, [1, 2, 3]).message == [])
            for method in [MethodDescriptor.exportLogs, .exportMetrics] {
                #expect(try await server.call(method, [], compression: .gzip).message == [])
            }
        }
    }

    @Test func `health is asked and watched`() async throws {
        try await LiveServer.run { (server: LiveServer) async throws -> Void in
            // HealthCheckResponse: status (1) = SERVING (1).
            let serving: [UInt8] = [0x08, 1]
            let known = ["", "grpc.health.v1.Health", MethodDescriptor.exportTraces.service.fullyQualifiedService]
            for name in known {
                let asked = WireWriter { $0.string(1, name) }.bytes
                #expect(try await server.call(.checkHealth, asked).message == serving)
                #expect(try await server.call(.checkHealth, asked, compression: .gzip).message == serving)
                #expect(try await server.call(.watchHealth, asked).message == serving)
            }
            let other = WireWriter { $0.string(1, "other") }.bytes
            #expect(try await server.call(.checkHealth, other).error?.code == .notFound)
            // SERVICE_UNKNOWN (3).
            #expect(try await server.call(.watchHealth, other).message == [0x08, 3])
            #expect(try await server.call(.checkHealth, [0x0A, 9, 1]).error?.code == .invalidArgument)
        }
    }

    @Test func `a method that is not served is unimplemented`() async throws {
        try await LiveServer.run { (server: LiveServer) async throws -> Void in
            let service = MethodDescriptor.exportTraces.service.fullyQualifiedService
            let unknown = [
                MethodDescriptor(fullyQualifiedService: service, method: "Import"),
                MethodDescriptor(fullyQualifiedService: "nothing.Here", method: "Export"),
            ]
            for method in unknown {
                #expect(try await server.call(method, []).error?.code == .unimplemented)
            }
        }
    }

    @Test func `a span that comes over HTTP and over gRPC counts once`() async throws {
        try await LiveServer.run { (server: LiveServer) async throws -> Void in
            let span = SampleSpan(trace: 1, id: 1).with(("llm.model", "gpt-4"), ("llm.tokens.input", 150))
            let message = SampleSpan.request([span])
            for compression in [CompressionAlgorithm.none, .gzip] {
                #expect(try await server.call(.exportTraces, message, compression: compression).message == [])
                let posted = try await server.send(
                    .POST,
                    "/v1/traces",
                    headers: Self.protobuf,
                    body: Data(message)
                )
                #expect(posted.status == 200)
            }
            let rows = try await server.rows()
            #expect(rows.count == 1)
            #expect(rows.first?["span_count"] as? Int == 1)
            #expect((rows.first?["llm_summary"] as? [String: Any])?["tokens_input"] as? Int == 150)
        }
    }

    @Test(arguments: ["phoenix-otel", "otel-openai-v2-content"])
    func `a capture gives the same trace over gRPC as over HTTP`(_ name: String) async throws {
        try await LiveServer.run { (server: LiveServer) async throws -> Void in
            let folder = Fixtures.folder.appendingPathComponent("corpus/\(name)")
            let files = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
            for file in files where file.hasPrefix("0") && file.hasSuffix(".pb") {
                let body = try Data(contentsOf: folder.appendingPathComponent(file))
                let headers = Self.protobuf + [("X-Skein-Project", "http")]
                let posted = try await server.send(.POST, "/v1/traces", headers: headers, body: body)
                #expect(posted.status == 200)
                let reply = try await server.call(
                    .exportTraces,
                    Array(body),
                    metadata: ["x-skein-project": "grpc"],
                    compression: .gzip
                )
                #expect(reply.message == [])
            }
            let rows = try await server.rows(headers: [("X-Skein-Project", "http")])
            #expect(!rows.isEmpty)
            for id in rows.compactMap({ $0["trace_id"] as? String }) {
                let overHTTP = try await server.trace(id, in: "http")
                let overGRPC = try await server.trace(id, in: "grpc")
                #expect(overHTTP == overGRPC)
            }
        }
    }
}

extension LiveServer {
    /// A trace of one project, without what differs from project to project.
    fileprivate func trace(_ id: String, in project: String) async throws -> NSDictionary {
        var trace = try #require(try await data("/v1/traces/\(id)?project=\(project)") as? [String: Any])
        #expect(trace["project"] as? String == project)
        trace["project"] = nil
        return trace as NSDictionary
    }
}
