// LiveCollector.swift - a collector on a port of its own, and a client that speaks bytes.

import CollectorServer
import Foundation
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle
import TestSupport
import TraceModel

/// A collector that serves on loopback while a test runs.
struct LiveCollector {
    let address: ListenAddress
    /// Where gRPC is served, if at all.
    let grpc: ListenAddress?
    let store: StubCollectorStore
    /// Stops the collector as SIGTERM does.
    let stop: @Sendable () -> Void

    /// Runs a collector for the time of `test`.
    static func run(
        _ consumer: any TraceConsumer = RecordingConsumer(),
        store: StubCollectorStore = StubCollectorStore(),
        maxBodyBytes: Int = 1 << 20,
        shutdownTimeout: Duration = .seconds(10),
        logger: Logger = .quiet,
        configure: (inout CollectorConfig) -> Void = { _ in },
        _ test: @Sendable (LiveCollector) async throws -> Void
    ) async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("skein-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var config = CollectorConfig(dataDirectory: folder)
        config.http.port = 0
        config.grpc = .off
        config.maxBodyBytes = maxBodyBytes
        config.shutdownTimeout = shutdownTimeout
        configure(&config)
        let (addresses, announce) = AsyncStream.makeStream(of: ServedAddresses.self)
        let server = CollectorServer(
            config: config,
            store: store,
            consumer: consumer,
            logs: RecordingLogConsumer(),
            logger: logger
        ) { announce.yield($0) }
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [CollectorService(server: server)],
                logger: .quiet
            )
        )
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            var iterator = addresses.makeAsyncIterator()
            guard let served = await iterator.next() else { return }
            let stop: @Sendable () -> Void = { Task { await group.triggerGracefulShutdown() } }
            let result: Result<Void, any Error>
            do {
                try await test(LiveCollector(address: served.http, grpc: served.grpc, store: store, stop: stop))
                result = .success(())
            } catch {
                result = .failure(error)
            }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
            try result.get()
        }
    }

    /// Returns when no more connections are accepted.
    func waitUntilRefused() async {
        while (try? await connect { _ in true }) != nil { await Task.yield() }
    }

    /// A connection that sends and receives bytes as they are.
    func connect<Result: Sendable>(
        _ use: @Sendable (inout RawConnection) async throws -> Result
    ) async throws -> Result {
        let channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .connect(host: address.host, port: address.port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        return try await channel.executeThenClose { inbound, outbound in
            var connection = RawConnection(outbound: outbound, iterator: inbound.makeAsyncIterator())
            return try await use(&connection)
        }
    }
}

extension Logger {
    /// Says nothing but keeps metadata, which the server needs for its request ids.
    static var quiet: Logger {
        var logger = Logger(label: "test") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = .critical
        return logger
    }
}

private struct CollectorService: Service {
    let server: CollectorServer

    func run() async throws {
        try await server.run()
    }
}

/// A connection that sends and receives bytes as they are.
struct RawConnection {
    let outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
    var iterator: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
    /// Everything that came.
    private(set) var received = ""

    init(
        outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>,
        iterator: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
    ) {
        self.outbound = outbound
        self.iterator = iterator
    }

    func send(_ text: String) async throws {
        try await outbound.write(ByteBuffer(string: text))
    }

    func send(_ bytes: [UInt8]) async throws {
        try await outbound.write(ByteBuffer(bytes: bytes))
    }

    /// Reads until the text is there so many times, or the server closes.
    mutating func read(until text: String, times: Int = 1) async throws {
        while received.ranges(of: text).count < times, let bytes = try await iterator.next() {
            received += String(buffer: bytes)
        }
    }

    /// Reads until the server closes.
    mutating func readToEnd() async throws {
        while let bytes = try await iterator.next() { received += String(buffer: bytes) }
    }
}
