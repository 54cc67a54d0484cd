// CollectorConfig+Environment.swift - the configuration from flags and environment.

import Foundation
import Logging

extension CollectorConfig {
    /// Reads the configuration: a flag wins over the environment, the environment over the default.
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
        var source = SettingSource(environment: environment)
        let directory = source.text(flags.dataDirectory, "--data-dir", "SKEIN_DATA_DIR")?.value
        self.init(dataDirectory: Self.absolute(directory ?? Self.defaultDirectory(environment), workingDirectory))
        let levels = Logger.Level.allCases.map(\.rawValue).joined(separator: ", ")
        source.read(flags.http, "--http", "SKEIN_HTTP", into: &http, expected: "HOST:PORT, such as 127.0.0.1:4318") {
            ListenAddress($0)
        }
        source.read(
            flags.grpc,
            "--grpc",
            "SKEIN_GRPC",
            into: &grpc,
            expected: "HOST:PORT, such as 127.0.0.1:4317, or off"
        ) {
            GRPCListener($0)
        }
        source.read(flags.logLevel, "--log-level", "SKEIN_LOG_LEVEL", into: &logLevel, expected: "one of \(levels)") {
            Logger.Level(rawValue: $0.lowercased())
        }
        allowedHosts = source.list(flags.allowedHosts, "SKEIN_ALLOWED_HOSTS")
        corsOrigins = source.list(flags.corsOrigins, "SKEIN_CORS_ORIGINS")
        source.read(nil, "", "SKEIN_MAX_BODY_BYTES", into: &maxBodyBytes, expected: "a number of bytes") { Int($0) }
        source.read(nil, "", "SKEIN_MEMORY_BUDGET_BYTES", into: &memoryBudgetBytes, expected: "a number of bytes") {
            Int($0)
        }
        let all = source.problems + problems()
        guard all.isEmpty else { throw ConfigError(problems: all) }
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

/// Where a setting comes from, and what was wrong with those read so far.
private struct SettingSource {
    let environment: [String: String]
    var problems: [String] = []

    /// A setting as text, with the name by which the user knows it.
    func text(_ flag: String?, _ flagName: String, _ variable: String) -> (value: String, name: String)? {
        if let flag { return (flag, flagName) }
        guard let value = environment[variable], !value.isEmpty else { return nil }
        return (value, variable)
    }

    /// A setting of several values: the flags, else the variable, separated by commas.
    func list(_ flags: [String], _ variable: String) -> [String] {
        if !flags.isEmpty { return flags }
        let parts = (environment[variable] ?? "").split(separator: ",")
        return parts.map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
    }

    mutating func read<Value>(
        _ flag: String?,
        _ flagName: String,
        _ variable: String,
        into target: inout Value,
        expected: String,
        _ parse: (String) -> Value?
    ) {
        guard let (text, name) = text(flag, flagName, variable) else { return }
        if let value = parse(text) {
            target = value
        } else {
            problems.append("\(name) is \"\(text)\": expected \(expected)")
        }
    }
}
