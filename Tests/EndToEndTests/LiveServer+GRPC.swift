// LiveServer+GRPC.swift - a gRPC client that sends and receives bytes as they are.

import CollectorServer
import GRPCCore
import GRPCNIOTransportHTTP2Posix

extension MethodDescriptor {
    static let exportTraces = export("trace", "TraceService")
    static let exportLogs = export("logs", "LogsService")
    static let exportMetrics = export("metrics", "MetricsService")
    static let checkHealth = MethodDescriptor(fullyQualifiedService: "grpc.health.v1.Health", method: "Check")
    static let watchHealth = MethodDescriptor(fullyQualifiedService: "grpc.health.v1.Health", method: "Watch")

    private static func export(_ signal: String, _ service: String) -> MethodDescriptor {
        MethodDescriptor(
            fullyQualifiedService: "opentelemetry.proto.collector.\(signal).v1.\(service)",
            method: "Export"
        )
    }
}

/// What came back of a call.
struct GRPCReply: Sendable {
    /// The first metadata.
    var metadata: Metadata
    /// The first message; nil when the call failed.
    var message: [UInt8]?
    /// Why it failed.
    var error: RPCError?

    /// The `google.rpc.Status` of a failure.
    var details: [UInt8]? {
        guard let error else { return nil }
        return error.metadata[binaryValues: "grpc-status-details-bin"].first { _ in true }
    }
}

extension LiveServer {
    /// Calls a method with one message over a connection of its own, and reads its first message.
    func call(
        _ method: MethodDescriptor,
        _ message: [UInt8],
        metadata: Metadata = [:],
        compression: CompressionAlgorithm = .none,
        security: HTTP2ClientTransport.Posix.TransportSecurity = .plaintext
    ) async throws -> GRPCReply {
        let transport = try HTTP2ClientTransport.Posix(
            target: .ipv4(address: grpc.host, port: grpc.port),
            transportSecurity: security,
            config: .defaults { $0.compression.enabledAlgorithms = .all }
        )
        var options = CallOptions.defaults
        options.compression = compression
        options.timeout = .seconds(60)
        return try await withGRPCClient(transport: transport) { client in
            try await client.serverStreaming(
                request: ClientRequest(message: message, metadata: metadata),
                descriptor: method,
                serializer: BytesWriter(),
                deserializer: BytesReader(),
                options: options
            ) { response in
                do {
                    let first = try await response.messages.first { _ in true }
                    return GRPCReply(metadata: response.metadata, message: first)
                } catch let error as RPCError {
                    return GRPCReply(metadata: response.metadata, error: error)
                }
            }
        }
    }
}

private struct BytesWriter: MessageSerializer {
    func serialize<Bytes: GRPCContiguousBytes>(_ message: [UInt8]) -> Bytes {
        Bytes(message)
    }
}

private struct BytesReader: MessageDeserializer {
    func deserialize<Bytes: GRPCContiguousBytes>(_ bytes: Bytes) -> [UInt8] {
        bytes.withUnsafeBytes { Array($0) }
    }
}
