// SQLCommand.swift - skein sql.

import ArgumentParser
import CollectorServer
import Foundation
import TerminalText
import TraceModel

/// `skein sql`: SQL on the stored data.
struct SQLCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sql",
        abstract: "Runs SQL on the database, also while the collector runs.",
        discussion: """
            The database is only read. Beside its own tables and views (v_traces, v_calls) there is the table spans: one \
            row for each span, with its attributes, events and links as JSON, such as
              SELECT name, attributes ->> '$."http.route"' FROM spans WHERE trace_id = '...'
            """
    )

    @Argument(help: "Statements with semicolons between; without it they are read from standard input.")
    var query: String?

    @Flag(help: "As JSON, one object a line.")
    var json = false

    @Flag(help: "As a table with commas (RFC 4180), with names in its first line.")
    var csv = false

    @Option(
        help: ArgumentHelp("A database, such as a backup, in place of the one in the data folder.", valueName: "file")
    )
    var db: String?

    @OptionGroup var place: DataPlace

    /// What is written at once.
    private static let chunk = 32 << 10
    /// The longest text of statements on standard input.
    private static let longest = 16 << 20

    func validate() throws {
        if json, csv { throw ValidationError("--json and --csv do not go together") }
        if query == nil, isatty(STDIN_FILENO) == 1 {
            throw ValidationError("there is no query: give one as an argument, or on standard input")
        }
    }

    func run() throws {
        try reportingErrors {
            do {
                let config = try place.settings()
                try run(try query ?? Self.input(), config)
            } catch is BrokenPipe {
                throw ExitCode.success
            }
        }
    }

    private func run(_ sql: String, _ config: CollectorConfig) throws {
        let format: any SQLRowFormat =
            if json {
                OwnedDatabase.jsonLines
            } else if csv {
                OwnedDatabase.csv
            } else {
                RowTable(StandardOutput.place())
            }
        var waiting: [UInt8] = []
        do {
            try OwnedDatabase.run(sql, file: db, config: config, as: format) { bytes in
                waiting += bytes
                guard waiting.count >= Self.chunk else { return }
                let full = waiting
                waiting = []
                try StandardOutput.write(full)
            }
        } catch {
            // What came before an error is shown too.
            try StandardOutput.write(waiting)
            throw error
        }
        try StandardOutput.write(waiting)
    }

    private static func input() throws -> String {
        let bytes = try FileHandle.standardInput.read(upToCount: longest + 1) ?? Data()
        guard bytes.count <= longest else { throw LongInput(limit: longest) }
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// There is more on standard input than statements can be.
private struct LongInput: CollectorError {
    var limit: Int
    var code: ErrorCode { .tooLarge }
    var message: String { "standard input has more than \(limit) bytes of statements" }
}
