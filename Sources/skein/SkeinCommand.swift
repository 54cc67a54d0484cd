// SkeinCommand.swift - the command line.

import ArgumentParser
import CollectorServer

/// The command line: `skein serve`, which is also what `skein` alone does.
@main
struct SkeinCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "skein",
        abstract: "Collects, stores and shows traces of LLM applications.",
        version: SkeinVersion.current,
        subcommands: [
            ServeCommand.self, TracesCommand.self, TraceCommand.self, CallsCommand.self, StatsCommand.self,
            TailCommand.self, SQLCommand.self, ExportCommand.self, ImportCommand.self, BackupCommand.self,
            DeleteCommand.self,
            KeysCommand.self, PricesCommand.self, RepriceCommand.self, ReindexCommand.self, ConfigCommand.self,
        ],
        defaultSubcommand: ServeCommand.self
    )
}
