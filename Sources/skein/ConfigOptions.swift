// ConfigOptions.swift - the options that settings can be given by.

import ArgumentParser
import CollectorServer
import Foundation

/// The options that settings can be given by, the same for every command that reads the configuration.
struct ConfigOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A YAML file with settings (SKEIN_CONFIG; default: skein.yaml in the data folder, if it is there).",
            valueName: "file"
        )
    )
    var config: String?

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
            "The certificate for TLS on both ports, a PEM file with its chain (SKEIN_TLS_CERT).",
            valueName: "file"
        )
    )
    var tlsCert: String?

    @Option(help: ArgumentHelp("The private key of the certificate, a PEM file (SKEIN_TLS_KEY).", valueName: "file"))
    var tlsKey: String?

    @Option(
        help: ArgumentHelp(
            "Authorities of which clients need a certificate, a PEM file (SKEIN_TLS_CLIENT_CA; default: none needed).",
            valueName: "file"
        )
    )
    var tlsClientCa: String?

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

    @Flag(help: "Let everybody in where there is no key, other machines too (SKEIN_ALLOW_ANONYMOUS).")
    var allowAnonymous = false

    @Option(
        help: ArgumentHelp(
            "Whether prompts, answers, tool arguments and results are stored: on or off (SKEIN_CONTENT; default: on).",
            valueName: "on|off"
        )
    )
    var content: String?

    @Option(
        help: ArgumentHelp(
            "Whether words can be searched: on or off (SKEIN_TEXT_INDEX; default: on).",
            valueName: "on|off"
        )
    )
    var textIndex: String?

    @Option(
        help: ArgumentHelp(
            "Whether finished traces are compressed again while nothing arrives: on or off (SKEIN_RECOMPACTION; default: on).",
            valueName: "on|off"
        )
    )
    var recompaction: String?

    @Option(
        help: ArgumentHelp(
            "Delete traces so many days after they were stored (SKEIN_RETENTION_DAYS; default: never).",
            valueName: "days"
        )
    )
    var retentionDays: String?

    @Option(
        help: ArgumentHelp(
            "Delete the oldest traces when the database is larger, such as 2GB (SKEIN_RETENTION_MAX_BYTES; default: never).",
            valueName: "bytes"
        )
    )
    var retentionMaxBytes: String?

    @Option(
        help: ArgumentHelp(
            "Delete prompts and answers after so many days, and keep the numbers (SKEIN_RETENTION_CONTENT_DAYS).",
            valueName: "days"
        )
    )
    var retentionContentDays: String?

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

    /// The configuration that they come to, with the environment and the file.
    func loaded() throws(ConfigError) -> LoadedConfig {
        var flags = CollectorFlags(http: http, grpc: grpc, dataDirectory: dataDir, logLevel: logLevel)
        flags.config = config
        flags.tlsCertificate = tlsCert
        flags.tlsKey = tlsKey
        flags.tlsClientCA = tlsClientCa
        flags.allowedHosts = allowedHost
        flags.corsOrigins = corsOrigin
        flags.allowAnonymous = allowAnonymous ? true : nil
        flags.content = content
        flags.textIndex = textIndex
        flags.recompaction = recompaction
        flags.retentionDays = retentionDays
        flags.retentionMaxBytes = retentionMaxBytes
        flags.retentionContentDays = retentionContentDays
        return try LoadedConfig(flags: flags, environment: ProcessInfo.processInfo.environment)
    }

    /// Checks the settings, so that a wrong one is a usage error.
    func validate() throws {
        do {
            _ = try loaded()
        } catch {
            throw ValidationError(error.message)
        }
    }
}
