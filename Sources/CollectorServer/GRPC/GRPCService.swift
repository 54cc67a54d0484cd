// GRPCService.swift - the gRPC server as a part of the collector.

import GRPCCore
import GRPCNIOTransportHTTP2Posix
import Logging
import NIOCore
import OTLPReceiver
import ServiceLifecycle

/// Serves gRPC on a socket that is bound already; finishes the calls in work when the collector stops.
struct GRPCService: Service {
    private let server: GRPCServer<HTTP2ServerTransport.Posix>

    /// Makes a server.
    ///
    /// - Parameters:
    ///   - socket: Belongs to the server from now on.
    ///   - config: The limits.
    ///   - connections: Counts connections.
    ///   - security: Clear text or TLS.
    ///   - services: What is served.
    init(
        socket: ListeningSocket,
        config: CollectorConfig,
        connections: ConnectionCap,
        security: HTTP2ServerTransport.Posix.TransportSecurity,
        services: [any RegistrableRPCService]
    ) {
        var transport = HTTP2ServerTransport.Posix.Config.defaults
        transport.compression.enabledAlgorithms = [.gzip]
        transport.rpc.maxRequestPayloadSize = config.maxBodyBytes
        // 64 KiB, the library's default, costs 1.5 to 1.8 times as much at 512-span messages.
        transport.http2.targetWindowSize = 8 << 20
        transport.http2.maxConcurrentStreams = 100
        transport.connection.maxGraceTime = config.shutdownTimeout
        transport.connection.maxIdleTime = config.grpcIdleTimeout
        // A client that has gone without a word is noticed.
        transport.connection.keepalive.time = config.idleTimeout
        transport.connection.keepalive.clientBehavior.allowWithoutCalls = true
        transport.connection.keepalive.clientBehavior.minPingIntervalWithoutCalls = .seconds(10)
        let limits = GRPCStreamLimits(
            maxMessageBytes: config.maxBodyBytes,
            limitBytes: config.memoryBudgetBytes,
            stallTimeout: TimeAmount(config.idleTimeout)
        )
        transport.channelDebuggingCallbacks.onAcceptHTTP2Stream = { limits.guardStream($0) }
        transport.channelDebuggingCallbacks.onAcceptTCPConnection = { connections.admit($0) }
        server = GRPCServer(
            transport: HTTP2ServerTransport.Posix(
                listeningSocketDescriptor: Int(socket.descriptor),
                transportSecurity: security,
                config: transport
            ),
            services: services
        )
    }

    private var isStopping: Bool { Task.isCancelled || Task.isShuttingDownGracefully }

    func run() async throws {
        do {
            try await withGracefulShutdownHandler {
                try await server.serve()
            } onGracefulShutdown: {
                server.beginGracefulShutdown()
            }
        } catch let error as RuntimeError where error.cause is CancellationError && isStopping {
            // The time for stopping was up, or it had not begun: what was acknowledged is stored.
        }
    }
}
