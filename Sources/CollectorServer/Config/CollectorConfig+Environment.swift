// CollectorConfig+Environment.swift - the configuration from flags, environment and file.

import Foundation
import GenAISemantics
import IngestPipeline
import Logging
import Pricing

extension CollectorConfig {
    /// Reads the configuration: a flag wins over the environment, that over the file, and that over the default.
    ///
    /// - Parameters:
    ///   - flags: What the command line says.
    ///   - environment: The variables of the process.
    ///   - workingDirectory: What relative paths count from; the working directory of the process unless given.
    /// - Throws: `ConfigError` with every problem at once.
    public init(
        flags: CollectorFlags,
        environment: [String: String],
        workingDirectory: String? = nil
    ) throws(ConfigError) {
        self = try LoadedConfig(flags: flags, environment: environment, workingDirectory: workingDirectory).config
    }
}

extension LoadedConfig {
    /// The name of a configuration file that is read when it lies in the data directory.
    static let fileName = "skein.yaml"

    /// Reads the configuration, and remembers where each setting came from.
    ///
    /// An empty variable counts as one that is not set.
    ///
    /// - Parameters:
    ///   - flags: What the command line says.
    ///   - environment: The variables of the process.
    ///   - workingDirectory: What relative paths count from; the working directory of the process unless given.
    /// - Throws: `ConfigError` with every problem at once.
    public init(
        flags: CollectorFlags,
        environment: [String: String],
        workingDirectory: String? = nil
    ) throws(ConfigError) {
        let named = flags.config ?? environment["SKEIN_CONFIG"].flatMap { $0.isEmpty ? nil : $0 }
        var file = try named.map { path throws(ConfigError) in
            try ConfigFile(path: Self.absolute(path, workingDirectory))
        }
        let directory = flags.dataDirectory ?? environment["SKEIN_DATA_DIR"].flatMap { $0.isEmpty ? nil : $0 }
        let place = directory ?? file?.values["data_dir"]?.texts.first ?? Self.defaultDirectory(environment)
        let dataDirectory = Self.absolute(place, workingDirectory)
        if file == nil { file = try Self.fileInside(dataDirectory) }
        var source = SettingSource(environment: environment, file: file)
        var config = CollectorConfig(dataDirectory: dataDirectory)
        config.read(flags, from: &source)
        config.readRetention(flags, from: &source)
        config.dataDirectory = Self.absolute(config.dataDirectory, workingDirectory)
        for file in [\CollectorConfig.tlsCertificate, \.tlsKey, \.tlsClientCA] where !config[keyPath: file].isEmpty {
            config[keyPath: file] = Self.absolute(config[keyPath: file], workingDirectory)
        }
        let all = source.problems + source.unknownKeys + config.problems()
        guard all.isEmpty else { throw ConfigError(problems: all) }
        self.init(config: config, settings: source.settings, file: file?.path)
    }

    /// The configuration file in the data directory, if there is one; it cannot say where it lies.
    private static func fileInside(_ directory: String) throws(ConfigError) -> ConfigFile? {
        let path = directory + "/" + fileName
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        let file = try ConfigFile(path: path)
        guard let value = file.values["data_dir"] else { return file }
        throw ConfigError(
            problems: [
                "\(path):\(value.line): data_dir cannot be set in the file that lies there; use --data-dir, or --config "
                    + "with a file elsewhere"
            ]
        )
    }

    private static func defaultDirectory(_ environment: [String: String]) -> String {
        // The specification of XDG_DATA_HOME says to ignore relative paths.
        if let base = environment["XDG_DATA_HOME"], base.hasPrefix("/") { return base + "/skein" }
        let home = environment["HOME"].flatMap { $0.isEmpty ? nil : $0 } ?? NSHomeDirectory()
        return home + "/.local/share/skein"
    }

    private static func absolute(_ path: String, _ workingDirectory: String?) -> String {
        let base = workingDirectory ?? FileManager.default.currentDirectoryPath
        let full = path.hasPrefix("/") ? path : base + "/" + path
        return URL(fileURLWithPath: full).standardizedFileURL.path
    }
}

extension CollectorConfig {
    private mutating func readTLS(_ flags: CollectorFlags, from source: inout SettingSource) {
        func quoted(_ path: String) -> String { "\"\(path)\"" }
        source.read(
            .init(key: "tls.cert", flag: "--tls-cert", variable: "SKEIN_TLS_CERT"),
            flag: flags.tlsCertificate,
            into: &tlsCertificate,
            expected: "a PEM file",
            render: quoted
        ) { $0 }
        source.read(
            .init(key: "tls.key", flag: "--tls-key", variable: "SKEIN_TLS_KEY"),
            flag: flags.tlsKey,
            into: &tlsKey,
            expected: "a PEM file",
            render: quoted
        ) { $0 }
        source.read(
            .init(key: "tls.client_ca", flag: "--tls-client-ca", variable: "SKEIN_TLS_CLIENT_CA"),
            flag: flags.tlsClientCA,
            into: &tlsClientCA,
            expected: "a PEM file",
            render: quoted
        ) { $0 }
    }

    private mutating func readMasking(_ flags: CollectorFlags, from source: inout SettingSource) {
        source.read(
            .init(key: "content", flag: "--content", variable: "SKEIN_CONTENT"),
            flag: flags.content,
            into: &keepsContent,
            expected: "on or off",
            render: { $0 ? "on" : "off" }
        ) { ["on": true, "off": false][$0.lowercased()] }
        source.read(
            .init(key: "text_index", flag: "--text-index", variable: "SKEIN_TEXT_INDEX"),
            flag: flags.textIndex,
            into: &indexesText,
            expected: "on or off",
            render: { $0 ? "on" : "off" }
        ) { ["on": true, "off": false][$0.lowercased()] }
        source.read(
            .init(key: "recompaction", flag: "--recompaction", variable: "SKEIN_RECOMPACTION"),
            flag: flags.recompaction,
            into: &recompacts,
            expected: "on or off",
            render: { $0 ? "on" : "off" }
        ) { ["on": true, "off": false][$0.lowercased()] }
        source.readMaps(.init(key: "redaction", variable: "SKEIN_REDACTION"), into: &redaction, render: \.yaml) {
            value,
            key,
            path throws(ConfigError) in
            try RedactionRule.rules(value, key: key, in: path)
        }
    }

    private mutating func readSemantics(from source: inout SettingSource) {
        source.readMaps(.init(key: "mappings", variable: "SKEIN_MAPPINGS"), into: &mappings, render: \.yaml) {
            value,
            key,
            path throws(ConfigError) in
            try AttributeMapping.mappings(value, key: key, in: path)
        }
        source.readMaps(.init(key: "prices", variable: "SKEIN_PRICES"), into: &prices, render: \.yaml) {
            value,
            key,
            path throws(ConfigError) in
            try CustomPrice.prices(value, key: key, in: path)
        }
    }

    /// Every setting that there is.
    fileprivate mutating func read(_ flags: CollectorFlags, from source: inout SettingSource) {
        source.read(
            .init(key: "http", flag: "--http", variable: "SKEIN_HTTP"),
            flag: flags.http,
            into: &http,
            expected: "HOST:PORT, such as 127.0.0.1:4318",
            render: { "\"\($0)\"" }
        ) { ListenAddress($0) }
        source.read(
            .init(key: "grpc", flag: "--grpc", variable: "SKEIN_GRPC"),
            flag: flags.grpc,
            into: &grpc,
            expected: "HOST:PORT, such as 127.0.0.1:4317, or off",
            render: { $0.address.map { "\"\($0)\"" } ?? "\"off\"" }
        ) { GRPCListener($0) }
        source.read(
            .init(key: "data_dir", flag: "--data-dir", variable: "SKEIN_DATA_DIR"),
            flag: flags.dataDirectory,
            into: &dataDirectory,
            expected: "a folder",
            render: { "\"\($0)\"" }
        ) { $0 }
        readTLS(flags, from: &source)
        source.read(
            .init(key: "allow_anonymous", flag: "--allow-anonymous", variable: "SKEIN_ALLOW_ANONYMOUS"),
            flag: flags.allowAnonymous.map { "\($0)" },
            into: &allowAnonymous,
            expected: "true or false"
        ) { Bool($0.lowercased()) ?? ["1": true, "0": false][$0] }
        let levels = Logger.Level.allCases.map(\.rawValue).joined(separator: ", ")
        source.read(
            .init(key: "log_level", flag: "--log-level", variable: "SKEIN_LOG_LEVEL"),
            flag: flags.logLevel,
            into: &logLevel,
            expected: "one of \(levels)",
            render: { $0.rawValue }
        ) { Logger.Level(rawValue: $0.lowercased()) }
        source.readList(
            .init(key: "allowed_hosts", flag: "--allowed-host", variable: "SKEIN_ALLOWED_HOSTS"),
            flags: flags.allowedHosts,
            into: &allowedHosts
        )
        source.readList(
            .init(key: "cors_origins", flag: "--cors-origin", variable: "SKEIN_CORS_ORIGINS"),
            flags: flags.corsOrigins,
            into: &corsOrigins
        )
        readMasking(flags, from: &source)
        readSemantics(from: &source)
        source.read(
            .init(key: "receivers.otlp.max_body_bytes", variable: "SKEIN_MAX_BODY_BYTES"),
            into: &maxBodyBytes,
            expected: "a number of bytes"
        ) { Int($0) }
        source.read(
            .init(key: "receivers.memory_budget_bytes", variable: "SKEIN_MEMORY_BUDGET_BYTES"),
            into: &memoryBudgetBytes,
            expected: "a number of bytes"
        ) { Int($0) }
    }
}
