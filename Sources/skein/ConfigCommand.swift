// ConfigCommand.swift - skein config.

import ArgumentParser
import CollectorServer
import Foundation
import TraceModel

/// `skein config`: looks at the configuration without serving.
struct ConfigCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config",
        abstract: "Checks or shows the configuration.",
        subcommands: [Check.self, Print.self, TryRedaction.self]
    )

    /// `skein config check`: ends with 0 when every setting can be used; the options' check has said what is wrong.
    struct Check: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "check",
            abstract: "Checks every setting; ends with status 64 and names what is wrong."
        )

        @OptionGroup var options: ConfigOptions

        func run() throws {
            let file = try options.loaded().file
            try write("the configuration is right (\(file ?? "no configuration file"))\n")
        }
    }

    /// `skein config print`: the settings as they come out.
    struct Print: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "print",
            abstract: "Shows every setting as YAML, with where it came from."
        )

        @OptionGroup var options: ConfigOptions

        func run() throws {
            try write(options.loaded().yaml)
        }
    }

    /// `skein config try-redaction`: what would be stored of a request.
    struct TryRedaction: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "try-redaction",
            abstract: "Shows what would be stored of an OTLP request, as JSON; stores nothing.",
            discussion: "What each rule changed is told on standard error."
        )

        @OptionGroup var options: ConfigOptions

        @Argument(help: "An OTLP export request, JSON or protobuf, plain or gzip; - for standard input.")
        var file: String

        func run() throws {
            let config = try options.loaded().config
            do {
                let trial = try config.tryMasking(read())
                try FileHandle.standardOutput.write(contentsOf: Data(trial.json + [0x0A]))
                let summary = trial.summary.map { $0 + "\n" }.joined()
                try FileHandle.standardError.write(contentsOf: Data(summary.utf8))
            } catch let error as any CollectorError {
                throw ValidationError("\(file): \(error.message)")
            }
        }

        private func read() throws -> [UInt8] {
            if file == "-" { return try Array(FileHandle.standardInput.readToEnd() ?? Data()) }
            guard let data = FileManager.default.contents(atPath: file) else {
                throw ValidationError("\(file) cannot be read")
            }
            return Array(data)
        }
    }
}
