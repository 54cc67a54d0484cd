// Setting.swift - one setting as it came out, and where it came from.

/// One setting as it came out, and where it came from.
public struct Setting: Sendable, Equatable {
    /// What decided the value.
    public enum Origin: Sendable, Equatable {
        /// A flag of the command line.
        case flag
        /// A variable of the environment.
        case environment
        /// The configuration file.
        case file
        /// Nothing was said.
        case builtIn
    }

    /// The key in the configuration file, such as `receivers.otlp.max_body_bytes`.
    public var key: String
    /// The flag, such as `--http`; nil when there is none.
    public var flag: String?
    /// The variable of the environment.
    public var variable: String
    /// The value as YAML.
    public var value: String
    /// What decided it.
    public var origin: Origin
}

/// A configuration with the history of each setting.
public struct LoadedConfig: Sendable, Equatable {
    /// The values.
    public var config: CollectorConfig
    /// Every setting there is, in the order of the documentation.
    public var settings: [Setting]
    /// The configuration file that was read; nil when there was none.
    public var file: String?

    /// The settings as a configuration file, each with where it came from.
    public var yaml: String {
        var lines = [file.map { "# read from \($0)" } ?? "# no configuration file"]
        var open: [String] = []
        for setting in settings {
            let path = setting.key.split(separator: ".").map(String.init)
            var depth = 0
            while depth < path.count - 1, depth < open.count, open[depth] == path[depth] { depth += 1 }
            for level in depth..<path.count - 1 {
                lines.append(String(repeating: "  ", count: level) + path[level] + ":")
            }
            open = Array(path.dropLast())
            let indent = String(repeating: "  ", count: path.count - 1)
            lines.append("\(indent)\(path[path.count - 1]): \(setting.value)  # \(setting.origin.words)")
        }
        return lines.joined(separator: "\n") + "\n"
    }
}

extension Setting.Origin {
    fileprivate var words: String {
        switch self {
        case .flag: "flag"
        case .environment: "environment"
        case .file: "file"
        case .builtIn: "default"
        }
    }
}
