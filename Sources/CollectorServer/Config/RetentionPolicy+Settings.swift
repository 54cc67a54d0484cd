// RetentionPolicy+Settings.swift - how long traces are kept, from flags, environment and file.

import TraceStore

extension CollectorConfig {
    /// Reads the settings below `retention`.
    mutating func readRetention(_ flags: CollectorFlags, from source: inout SettingSource) {
        source.read(
            .init(key: "retention.days", flag: "--retention-days", variable: "SKEIN_RETENTION_DAYS"),
            flag: flags.retentionDays,
            into: &retention.all.days,
            expected: Self.expectedDays,
            render: Self.rendered,
            Self.days
        )
        source.read(
            .init(key: "retention.max_bytes", flag: "--retention-max-bytes", variable: "SKEIN_RETENTION_MAX_BYTES"),
            flag: flags.retentionMaxBytes,
            into: &retention.all.maxBytes,
            expected: Self.expectedBytes,
            render: Self.rendered,
            Self.bytes
        )
        source.read(
            .init(
                key: "retention.content_days",
                flag: "--retention-content-days",
                variable: "SKEIN_RETENTION_CONTENT_DAYS"
            ),
            flag: flags.retentionContentDays,
            into: &retention.all.contentDays,
            expected: Self.expectedDays,
            render: Self.rendered,
            Self.days
        )
        readProjects(from: &source)
    }

    /// Reads `retention.projects.NAME.days` and the others of single projects.
    private mutating func readProjects(from source: inout SettingSource) {
        let prefix = "retention.projects."
        let variable = "SKEIN_RETENTION_PROJECTS"
        for key in source.keys(below: "retention.projects", variable: variable) {
            let name = SettingSource.Name(key: key, variable: variable)
            let rest = key.dropFirst(prefix.count)
            guard let dot = rest.lastIndex(of: ".") else { continue }
            let project = String(rest[..<dot])
            var limits = retention.projects[project] ?? RetentionLimits()
            switch rest[dot...].dropFirst() {
            case "days":
                source.read(name, into: &limits.days, expected: Self.expectedDays, render: Self.rendered, Self.days)
            case "content_days":
                source.read(
                    name,
                    into: &limits.contentDays,
                    expected: Self.expectedDays,
                    render: Self.rendered,
                    Self.days
                )
            case "max_bytes":
                source.read(
                    name,
                    into: &limits.maxBytes,
                    expected: Self.expectedBytes,
                    render: Self.rendered,
                    Self.bytes
                )
            default:
                source.refuse(key, variable: variable)
                continue
            }
            retention.projects[project] = limits
        }
    }

    /// What is wrong with the values.
    var retentionProblems: [String] {
        guard let bytes = retention.all.maxBytes, bytes < Self.leastBytes else { return [] }
        return ["retention.max_bytes is \(bytes): expected at least \(Self.leastBytes)"]
    }

    /// A database and its log cannot be kept much smaller.
    private static let leastBytes: Int64 = 64 << 20
    private static let expectedDays = "a whole number of days, at least 1, or off"
    private static let expectedBytes = "a number of bytes, such as 2GB or 500MiB, or off"

    /// Days; `off` stands for never, also where a wider setting says otherwise.
    private static func days(_ text: String) -> Int?? {
        if text.lowercased() == "off" { return .some(0) }
        guard let days = Int(text), (1...1_000_000).contains(days) else { return nil }
        return .some(days)
    }

    private static func bytes(_ text: String) -> Int64?? {
        if text.lowercased() == "off" { return .some(nil) }
        guard let bytes = ByteCount.bytes(text), bytes > 0 else { return nil }
        return .some(bytes)
    }

    private static func rendered<Number: BinaryInteger>(_ number: Number?) -> String {
        number.map { $0 == 0 ? "\"off\"" : "\($0)" } ?? "\"\""
    }
}
