// CollectorServer.swift - the parts put together.

import GRPCCore
import GRPCNIOTransportHTTP2Posix
import Hummingbird
import HummingbirdCore
import HummingbirdTLS
import IngestPipeline
public import Logging
import NIOCore
import OTLPReceiver
import QueryAPI
import ServiceLifecycle
public import TraceModel
public import TraceStore
import UnixSignals
import WebUI

/// The collector: receivers, API and health on one port, over one store.
///
/// Order at the end: no more connections, requests in work finish, the store closes last.
public struct CollectorServer: Sendable {
    private let config: CollectorConfig
    private let store: any CollectorStore
    private let consumer: any TraceConsumer
    private let logs: any LogConsumer
    private let metrics: MetricsRegistry
    private let storeGauges: @Sendable () -> [(name: String, value: Double)]
    /// The server's library has a limit of its own: only counted here.
    private let httpConnections = ConnectionCap(limit: .max)
    private let grpcConnections: ConnectionCap
    /// Connections of each listener.
    private let connectionLimit: Int
    private let logger: Logger
    private let onRunning: @Sendable (ServedAddresses) async -> Void

    /// Puts a collector together.
    ///
    /// - Parameters:
    ///   - config: Valid settings.
    ///   - store: Open; the server closes it.
    ///   - consumer: Takes the spans of every receiver, and writes to the store.
    ///   - logs: Takes the log records of every receiver.
    ///   - metrics: What `/metrics` shows; the parts that are put in already count in it.
    ///   - storeGauges: Numbers of the store, by name, looked up when somebody asks for `/metrics`.
    ///   - logger: Gets what is logged.
    ///   - onRunning: Called once, when connections are accepted, with the real ports.
    public init(
        config: CollectorConfig,
        store: any CollectorStore,
        consumer: any TraceConsumer,
        logs: any LogConsumer,
        metrics: MetricsRegistry = MetricsRegistry(),
        storeGauges: @escaping @Sendable () -> [(name: String, value: Double)] = { [] },
        logger: Logger,
        onRunning: @escaping @Sendable (ServedAddresses) async -> Void = { _ in }
    ) {
        self.config = config
        connectionLimit = Self.connectionLimit(config, logger)
        grpcConnections = ConnectionCap(limit: connectionLimit)
        self.store = store
        self.consumer = consumer
        self.logs = logs
        self.metrics = metrics
        self.storeGauges = storeGauges
        self.logger = logger
        self.onRunning = onRunning
    }

    /// Serves until SIGTERM, SIGINT or the graceful shutdown of the surrounding task; the store is closed then.
    ///
    /// - Throws: `ServerStartError` when the address cannot be used, or what made a part fail.
    public func run() async throws {
        let parts: [any Service]
        do {
            let keys = try await KeyRing(store)
            try checkAccess(keys)
            parts = try services(keys)
        } catch {
            await store.close()
            throw error
        }
        var group = ServiceGroupConfiguration(
            services: ([StoreService(store: store)] + parts).map(NamedService.init),
            gracefulShutdownSignals: [.sigterm, .sigint],
            logger: logger
        )
        group.maximumGracefulShutdownDuration = config.shutdownTimeout
        do {
            try await ServiceGroup(configuration: group).run()
        } catch let error as IOError {
            throw ServerStartError(address: config.http, error: error)
        } catch let error as SocketAddressError {
            throw ServerStartError(unknownHost: config.http, error: error)
        }
    }

    /// Refuses to serve other machines without keys, unless that is asked for.
    private func checkAccess(_ keys: KeyRing) throws(ServerStartError) {
        let addresses = [config.http] + (config.grpc.address.map { [$0] } ?? [])
        guard keys.isOpen, !config.allowAnonymous, let open = addresses.first(where: { !$0.isLoopback }) else { return }
        throw ServerStartError(openTo: open, dataDirectory: config.dataDirectory)
    }

    /// Everything that serves; stopped from the last to the first.
    ///
    /// - Throws: `ServerStartError` for what can fail before anything is served.
    private func services(_ keys: KeyRing) throws -> [any Service] {
        let gate = AcceptGate()
        let tls = try config.tls.map { files throws(ServerStartError) in
            try ServerTLS(files, every: config.certificateInterval, logger: logger)
        }
        let memory = MemoryBudget(limitBytes: config.memoryBudgetBytes)
        let socket = try grpcSocket()
        let control = ControlSocket(directory: config.dataDirectory, logger: logger)
        let application = try application(gate, memory, tls, keys, control, grpc: socket?.address)
        var services: [any Service] = []
        if let tls { services.append(tls) }
        services.append(application)
        if let socket { services.append(try grpcService(socket, memory, tls, keys)) }
        services.append(ownerService(control, keys, memory))
        services.append(AcceptGateService(gate: gate, eventLoopGroup: application.eventLoopGroup))
        return services
    }

    /// The owner's socket over the store, without a port; the store is closed when the group stops.
    func forOwner() -> (group: ServiceGroup, control: ControlSocket) {
        let control = ControlSocket(directory: config.dataDirectory, logger: logger)
        let memory = MemoryBudget(limitBytes: config.memoryBudgetBytes)
        let services: [any Service] = [StoreService(store: store), ownerService(control, store, memory)]
        return (ServiceGroup(services: services, logger: logger), control)
    }

    /// What whoever owns the data directory may ask for: everything, without a key.
    private func ownerService(
        _ control: ControlSocket,
        _ keys: any KeyStore,
        _ memory: MemoryBudget
    ) -> any Service {
        control.service { router in
            ControlRoutes(keys: keys, prices: store, index: store).add(to: router)
            addRemoval(of: store, to: router, OpenAccess())
            OTLPHTTPRoutes(
                config: receiverConfig,
                consumer: consumer,
                logs: logs,
                memory: memory,
                metricsFactory: metrics
            ).add(to: router)
            let answers = MemoryBudget(limitBytes: config.answerMemoryBytes)
            TraceRoutes(reader: store, memory: answers, deadline: config.queryTimeout).add(to: router)
            liveRoutes(OpenAccess()).add(to: router)
        }
    }

    /// The socket for gRPC; nil when it is off, or nobody asked for it and the default port is taken.
    private func grpcSocket() throws(ServerStartError) -> ListeningSocket? {
        guard let address = config.grpc.address else { return nil }
        do {
            return try ListeningSocket(address, flag: "grpc")
        } catch {
            guard case .ifFree = config.grpc else { throw error }
            logger.warning("OTLP/gRPC is not served", metadata: ["server.reason": "\(error.message)"])
            return nil
        }
    }

    private func grpcService(
        _ socket: ListeningSocket,
        _ memory: MemoryBudget,
        _ tls: ServerTLS?,
        _ keys: KeyRing
    ) throws -> GRPCService {
        let security = try tls?.grpc() ?? .plaintext
        let store = store
        let services: [any RegistrableRPCService] = [
            OTLPGRPCServices(
                config: receiverConfig,
                consumer: consumer,
                logs: logs,
                memory: memory,
                access: keys,
                logger: logger,
                metricsFactory: metrics
            ),
            GRPCHealthService { await store.unreadiness() == nil },
        ]
        return GRPCService(
            socket: socket,
            config: config,
            connections: grpcConnections,
            security: security,
            services: services
        )
    }

    private var receiverConfig: OTLPReceiverConfig {
        var receiver = OTLPReceiverConfig()
        receiver.maxBodyBytes = config.maxBodyBytes
        return receiver
    }

    private func application(
        _ gate: AcceptGate,
        _ memory: MemoryBudget,
        _ tls: ServerTLS?,
        _ keys: KeyRing,
        _ control: ControlSocket,
        grpc: ListenAddress?
    ) throws -> Application<RouterResponder<BasicRequestContext>> {
        let host = config.http.host
        let onRunning = onRunning
        return Application(
            router: router(memory, keys),
            server: try serverBuilder(gate, tls),
            configuration: ApplicationConfiguration(
                address: .hostname(host, port: config.http.port),
                backlog: 1024,
                availableConnectionsDelegate: .maximum(connectionLimit, logger: logger)
            ),
            onServerRunning: { channel in
                let http = ListenAddress(host: host, port: channel.localAddress?.port ?? 0)
                await control.waitUntilTried()
                await onRunning(ServedAddresses(http: http, grpc: grpc, isSecure: tls != nil, needsKey: !keys.isOpen))
            },
            logger: logger
        )
    }

    func router(_ memory: MemoryBudget, _ keys: KeyRing) -> Router<BasicRequestContext> {
        let router = Router(context: BasicRequestContext.self)
        router.add(middleware: FallbackErrorMiddleware())
        router.add(middleware: BrowserGuard(config: config))
        router.add(middleware: WebPages())
        OTLPHTTPRoutes(
            config: receiverConfig,
            consumer: consumer,
            logs: logs,
            memory: memory,
            access: keys,
            metricsFactory: metrics
        ).add(to: router)
        MetricsRoutes(registry: metrics, access: keys) { gauges(memory) }.add(to: router)
        let answers = MemoryBudget(limitBytes: config.answerMemoryBytes)
        TraceRoutes(reader: store, access: keys, memory: answers, deadline: config.queryTimeout).add(to: router)
        liveRoutes(keys).add(to: router)
        addRemoval(of: store, to: router, keys)
        HealthRoutes(reader: store).add(to: router)
        let document = DocumentRoutes<BasicRequestContext>()
        document.add(to: router)
        UnservedMethods(document: document.value).refuse(on: router)
        return router
    }

    private func liveRoutes(_ access: any AccessPolicy) -> LiveRoutes<BasicRequestContext> {
        var limits = LiveLimits()
        limits.heartbeat = config.liveHeartbeat
        limits.clients = config.maxLiveClients
        return LiveRoutes(
            reader: store,
            feed: store.feed,
            access: access,
            limits: limits,
            deadline: config.queryTimeout
        )
    }

    private func addRemoval(
        of store: some CollectorStore,
        to router: Router<BasicRequestContext>,
        _ access: any AccessPolicy
    ) {
        TraceRemovalRoutes(store: store, access: access, deadline: config.queryTimeout).add(to: router)
    }

    private func serverBuilder(_ gate: AcceptGate, _ tls: ServerTLS?) throws -> HTTPServerBuilder {
        let plain = HTTPServerBuilder.http1(configuration: channelConfiguration(gate))
        guard let tls else { return plain }
        return try .tls(plain, tlsConfiguration: tls.http())
    }

    private func gauges(_ memory: MemoryBudget) -> [(name: String, value: Double)] {
        [
            ("receiver_memory_bytes", Double(memory.usedBytes)),
            ("receiver_memory_limit_bytes", Double(memory.limitBytes)),
            ("receiver_waiting_requests", Double(memory.waitingRequests)),
            ("http_connections", Double(httpConnections.value)),
            ("grpc_connections", Double(grpcConnections.value)),
        ] + storeGauges()
    }

    private func channelConfiguration(_ gate: AcceptGate) -> HTTP1Channel.Configuration {
        let maxBodyBytes = config.maxBodyBytes
        let connections = httpConnections
        let limits = RequestDeadlines.Limits(
            head: TimeAmount(config.headTimeout),
            body: TimeAmount(config.bodyTimeout),
            stall: TimeAmount(config.idleTimeout)
        )
        return HTTP1Channel.Configuration(
            additionalChannelHandlers: [
                ExpectContinueHandler(maxBodyBytes: maxBodyBytes, gate: gate), RequestDeadlines(limits),
                ConnectionCounter(connections),
            ],
            idleTimeout: TimeAmount(config.idleTimeout)
        )
    }

    /// As many connections for each listener as are configured, or as the limit on open files leaves for all.
    private static func connectionLimit(_ config: CollectorConfig, _ logger: Logger) -> Int {
        let listeners = config.grpc == .off ? 1 : 2
        let limit = FileDescriptorLimit.raise()
        let all = FileDescriptorLimit.connections(wanted: config.maxConnections * listeners, limit: limit)
        let connections = all / listeners
        if connections < config.maxConnections {
            logger.notice(
                "fewer connections than configured: the limit on open files is low",
                metadata: ["server.connections": "\(connections)", "server.open_files": "\(limit)"]
            )
        }
        return connections
    }
}
