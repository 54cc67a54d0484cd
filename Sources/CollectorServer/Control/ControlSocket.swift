// ControlSocket.swift - how commands of the owner reach a running collector.

import Foundation
import Hummingbird
import Logging
import QueryAPI
import ServiceLifecycle

/// `skein.sock` in the data directory: HTTP for the commands of whoever owns the directory, with that as the only key.
struct ControlSocket: Sendable {
    /// The name of the socket in the data directory.
    static let fileName = "skein.sock"

    /// Where the socket lies.
    let path: String
    private let logger: Logger
    private let attempt = ReadySignal()

    /// Takes the place of the socket, which the lock of the directory gives to one process at a time.
    init(directory: String, logger: Logger) {
        path = Self.path(directory)
        self.logger = logger
        // Of a process that did not end well.
        try? FileManager.default.removeItem(atPath: path)
    }

    /// Serves the commands until the collector stops; nothing else depends on it.
    ///
    /// `addRoutes` says what may be asked for.
    func service(_ addRoutes: @escaping @Sendable (Router<BasicRequestContext>) -> Void) -> some Service {
        ControlService(path: path, logger: logger, addRoutes: addRoutes, attempt: attempt)
    }

    /// Returns when commands reach the collector, or never will.
    func waitUntilTried() async {
        await attempt.wait()
    }

    /// The path of the socket of a directory, short enough for the system (108 bytes).
    ///
    /// A long one is reached through a descriptor of the directory, which stays open as long as the process.
    static func path(_ directory: String) -> String {
        let path = directory + "/" + fileName
        guard path.utf8.count > 100 else { return path }
        let descriptor = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        return descriptor < 0 ? path : "/proc/self/fd/\(descriptor)/\(fileName)"
    }
}

/// Serves the socket; without it commands say that the server does not answer, so a failure stops nothing.
private struct ControlService: Service {
    let path: String
    let logger: Logger
    let addRoutes: @Sendable (Router<BasicRequestContext>) -> Void
    let attempt: ReadySignal

    func run() async throws {
        let path = path
        let logger = logger
        let attempt = attempt
        defer { attempt.give() }
        let router = Router(context: BasicRequestContext.self)
        router.add(middleware: FallbackErrorMiddleware())
        addRoutes(router)
        // What the server says of a shutdown before it has begun tells nobody what to do: the reason of that is told.
        var details = logger
        if details.logLevel > .debug { details.logLevel = .critical }
        let application = Application(
            router: router,
            configuration: ApplicationConfiguration(address: .unixDomainSocket(path: path)),
            onServerRunning: { _ in
                if chmod(path, 0o600) != 0 { logger.warning("the control socket keeps its mode") }
                attempt.give()
            },
            logger: details
        )
        do {
            try await application.run()
        } catch {
            logger.warning(
                "commands such as 'skein keys' cannot reach this server",
                metadata: ["server.socket": "\(path)", "error.message": "\(ServerStartError.line(error))"]
            )
            attempt.give()
            try? await gracefulShutdown()
        }
        try? FileManager.default.removeItem(atPath: path)
    }
}

/// Tells one other task that something has happened.
struct ReadySignal: Sendable {
    private let stream: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation

    init() {
        (stream, continuation) = AsyncStream.makeStream()
    }

    /// Lets the other go on; giving it again does nothing.
    func give() {
        continuation.finish()
    }

    /// Returns when the signal was given.
    func wait() async {
        for await _ in stream {}
    }
}
