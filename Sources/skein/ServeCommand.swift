// ServeCommand.swift - skein serve.

import ArgumentParser
import CAllocatorSetup
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

    @OptionGroup var options: ConfigOptions

    func run() async throws {
        skein_allocator_setup()
        let config = try options.loaded().config
        let logger = Logger.bootstrapCollector(level: config.logLevel)
        // What lies in the data folder is for its owner alone.
        umask(0o077)
        try await reportingErrors {
            let server = try CollectorServer.onSQLite(config: config, logger: logger) { addresses in
                let banner = StartupBanner(addresses: addresses, dataDirectory: config.dataDirectory)
                // Nobody reads it: no reason not to serve.
                try? FileHandle.standardOutput.write(contentsOf: Data(banner.text.utf8))
            }
            try await server.run()
        }
    }
}
