// ConfigCommand.swift - skein config.

import ArgumentParser
import CollectorServer
import Foundation

/// `skein config`: looks at the configuration without serving.
struct ConfigCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config",
        abstract: "Checks or shows the configuration.",
        subcommands: [Check.self, Print.self]
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
}
