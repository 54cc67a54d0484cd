// ServeCommand.swift - skein serve.

import ArgumentParser
import CollectorServer
import Foundation
import Logging
import TraceModel

/// `skein serve`: runs the collector until it is stopped.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Runs the collector.",
        discussion: """
            Receives OTLP traces over HTTP and gRPC and stores them in one directory. Each option can also be set by an \
            environment variable; the option wins.
            """
    )

    @Option(help: ArgumentHelp("Where to serve HTTP (SKEIN_HTTP; default: 127.0.0.1:4318).", valueName: "host:port"))
    var http: String?

    @Option(
        help: ArgumentHelp(
            "Where to serve OTLP/gRPC, or off (SKEIN_GRPC; default: 127.0.0.1:4317 if that port is free).",
            valueName: "host:port"
        )
    )
    var grpc: String?

    @Option(
        help: ArgumentHelp(
            "Another name under which a collector on loopback is reached; again for each (SKEIN_ALLOWED_HOSTS).",
            valueName: "name"
        )
    )
    var allowedHost: [String] = []

    @Option(
        help: ArgumentHelp(
            "An origin whose pages may use the API, such as http://localhost:3000; again for each (SKEIN_CORS_ORIGINS).",
            valueName: "origin"
        )
    )
    var corsOrigin: [String] = []

    @Option(
        help: ArgumentHelp(
            "Where the data lies (SKEIN_DATA_DIR; default: $XDG_DATA_HOME/skein or ~/.local/share/skein).",
            valueName: "dir"
        )
    )
    var dataDir: String?

    @Option(
        help: ArgumentHelp(
            "trace, debug, info, notice, warning, error or critical (SKEIN_LOG_LEVEL; default: info).",
            valueName: "level"
        )
    )
    var logLevel: String?

    /// Checks the settings, so that a wrong one is a usage error.
    func validate() throws {
        do {
            _ = try config()
        } catch {
            throw ValidationError(error.message)
        }
    }

    func run() async throws {
        let config = try config()
        let logger = Logger.bootstrapCollector(level: config.logLevel)
        do {
            let server = try CollectorServer.onSQLite(config: config, logger: logger) { addresses in
                let banner = StartupBanner(addresses: addresses, dataDirectory: config.dataDirectory)
                // Nobody reads it: no reason not to serve.
                try? FileHandle.standardOutput.write(contentsOf: Data(banner.text.utf8))
            }
            try await server.run()
        } catch let error as any CollectorError {
            // The exit code tells as well.
            try? FileHandle.standardError.write(contentsOf: Data("skein: \(error.message)\n".utf8))
            throw ExitCode(1)
        }
    }

    private func config() throws(ConfigError) -> CollectorConfig {
        var flags = CollectorFlags(http: http, grpc: grpc, dataDirectory: dataDir, logLevel: logLevel)
        flags.allowedHosts = allowedHost
        flags.corsOrigins = corsOrigin
        return try CollectorConfig(
            flags: flags,
            environment: ProcessInfo.processInfo.environment
        )
    }
}
