// ExportCommand.swift - skein export.

import ArgumentParser
import CollectorServer
import Foundation

/// `skein export`: everything that a filter matches, as a stream.
struct ExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Writes traces or calls to a file or to standard output.",
        discussion: """
            The form otlp holds spans exactly as they were received, for 'skein import' and every other reader of OTLP \
            JSON lines. jsonl and csv are for scripts and tables. Asks a server, the collector that runs on the data \
            folder, or the folder itself.
            """
    )

    @Option(help: ArgumentHelp("otlp, jsonl or csv (default: otlp; jsonl for calls).", valueName: "form"))
    var format: String?

    @Option(help: ArgumentHelp("traces or calls (default: traces).", valueName: "view"))
    var view: String?

    @Option(
        name: [.short, .long],
        help: ArgumentHelp("Where it goes; replaced when it is there (default: standard output).", valueName: "file")
    )
    var output: String?

    @Option(
        help: ArgumentHelp(
            "A parameter of GET /v1/traces or /v1/calls, such as model=gpt-4*; again for more.",
            valueName: "name=value"
        )
    )
    var filter: [String] = []

    @OptionGroup var api: APIPlace

    func run() async throws {
        try await reportingErrors {
            let query = try query()
            try await api.use { access in
                let bytes = try await Exporter(access).write(query, to: output)
                if let output, output != "-" { note("\(bytes) bytes in \(output)") }
            }
        }
    }

    func validate() throws {
        _ = try query()
    }

    private func query() throws -> [(name: String, value: String)] {
        var query: [(name: String, value: String)] = []
        if let format { query.append(("format", format)) }
        if let view { query.append(("view", view)) }
        for text in filter {
            let pair = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard pair.count == 2, !pair[0].isEmpty else {
                throw ValidationError("'\(text)' is no filter; a filter is like model=gpt-4*")
            }
            query.append((String(pair[0]), String(pair[1])))
        }
        return query
    }
}
