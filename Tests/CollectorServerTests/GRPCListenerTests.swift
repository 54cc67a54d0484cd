// GRPCListenerTests.swift - where gRPC is served, and what happens when that port is taken.

import CollectorServer
import Logging
import NIOConcurrencyHelpers
import NIOCore
import NIOPosix
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(1)))
struct GRPCListenerTests {
    private static let home = ["HOME": "/home/me"]

    @Test func `an address and off are read`() {
        #expect(GRPCListener("127.0.0.1:4317") == .at(ListenAddress(host: "127.0.0.1", port: 4317)))
        #expect(GRPCListener("[::1]:0") == .at(ListenAddress(host: "::1", port: 0)))
        for off in ["off", "OFF", "Off"] { #expect(GRPCListener(off) == .off) }
        for bad in ["", "on", "4317", ":4317", "localhost", "off:1x", " off"] { #expect(GRPCListener(bad) == nil) }
        #expect(GRPCListener.off.address == nil)
    }

    @Test func `a flag wins over the environment, and that over the default`() throws {
        func grpc(_ flag: String?, _ variable: String?) throws -> GRPCListener {
            var environment = Self.home
            environment["SKEIN_GRPC"] = variable
            return try CollectorConfig(flags: CollectorFlags(grpc: flag), environment: environment).grpc
        }
        let usual = ListenAddress(host: "127.0.0.1", port: 4317)
        #expect(try grpc(nil, nil) == .ifFree(usual))
        #expect(try grpc(nil, "") == .ifFree(usual))
        // Named, it must be free.
        #expect(try grpc(nil, "127.0.0.1:4317") == .at(usual))
        #expect(try grpc("localhost:1", "127.0.0.1:4317") == .at(ListenAddress(host: "localhost", port: 1)))
        #expect(try grpc("off", "127.0.0.1:4317") == .off)
        #expect(try grpc(nil, "off") == .off)
    }

    @Test func `what is neither an address nor off is told with name and value`() {
        let flags = CollectorFlags(grpc: "nowhere")
        let flag = #expect(throws: ConfigError.self) { try CollectorConfig(flags: flags, environment: Self.home) }
        #expect(flag?.message.contains("--grpc is \"nowhere\"") == true)
        let environment = Self.home.merging(["SKEIN_GRPC": "4317"]) { $1 }
        let variable = #expect(throws: ConfigError.self) {
            try CollectorConfig(flags: CollectorFlags(), environment: environment)
        }
        #expect(variable?.message.contains("SKEIN_GRPC is \"4317\"") == true)
    }

    @Test func `a named port in use is an error that says what to do, and the store is closed`() async throws {
        let taken = try await TakenPort()
        let store = StubCollectorStore()
        var config = CollectorConfig(dataDirectory: "/nowhere")
        config.http.port = 0
        config.grpc = .at(taken.address)
        let server = CollectorServer(
            config: config,
            store: store,
            consumer: RecordingConsumer(),
            logs: RecordingLogConsumer(),
            logger: .quiet
        )
        let error = await #expect(throws: ServerStartError.self) { try await server.run() }
        #expect(error?.message.contains("\(taken.address) is in use") == true)
        #expect(error?.message.contains("--grpc") == true)
        #expect(error?.message.contains("--http") == false)
        #expect(await store.closeCount == 1)
        try await taken.free()
    }

    @Test func `the default port in use is a warning, and HTTP is served`() async throws {
        let taken = try await TakenPort()
        let warnings = Warnings()
        try await LiveCollector.run(
            logger: Logger(label: "test") { _ in warnings },
            configure: { $0.grpc = .ifFree(taken.address) },
            { collector in
                #expect(collector.grpc == nil)
                try await collector.connect { connection in
                    try await connection.send("GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n")
                    try await connection.read(until: "200 OK")
                    #expect(connection.received.hasPrefix("HTTP/1.1 200 OK"))
                }
            }
        )
        #expect(warnings.texts.count == 1)
        #expect(warnings.texts.first?.contains("OTLP/gRPC is not served") == true)
        #expect(warnings.texts.first?.contains("\(taken.address) is in use") == true)
        try await taken.free()
    }

    @Test func `port 0 is announced as the real one`() async throws {
        let any = ListenAddress(host: "127.0.0.1", port: 0)
        for listener in [GRPCListener.at(any), .ifFree(any)] {
            try await LiveCollector.run(configure: { $0.grpc = listener }) { collector in
                let port = try #require(collector.grpc?.port)
                #expect(port > 0)
                #expect(port != collector.address.port)
                let channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
                    .connect(host: "127.0.0.1", port: port).get()
                try await channel.close()
            }
        }
    }

    @Test func `off means that nothing is announced`() async throws {
        try await LiveCollector.run(configure: { $0.grpc = .off }) { collector in
            #expect(collector.grpc == nil)
        }
    }
}

/// A port on which another server listens.
private struct TakenPort {
    let address: ListenAddress
    private let channel: any Channel

    init() async throws {
        channel = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .bind(host: "127.0.0.1", port: 0).get()
        address = ListenAddress(host: "127.0.0.1", port: channel.localAddress?.port ?? 0)
    }

    func free() async throws {
        try await channel.close()
    }
}

/// Remembers warnings.
private struct Warnings: LogHandler {
    private let stored = NIOLockedValueBox<[String]>([])
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.warning

    var texts: [String] { stored.withLockedValue { $0 } }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        guard event.level == .warning else { return }
        stored.withLockedValue { $0.append("\(event.message) \(event.metadata ?? [:])") }
    }
}
