// TracesCommand.swift - skein traces, skein calls.

import ArgumentParser
import TerminalText

/// `skein traces`: lists traces.
struct TracesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "traces",
        abstract: "Lists traces, the newest first.",
        discussion: """
            Asks the server that uses the data folder, else opens the folder itself. With --url it asks another server. \
            'skein trace ID' shows one of them; the first digits of the id are enough.
            """
    )

    @Option(name: .shortAndLong, help: "How many, at most 100.")
    var limit = 20

    @Option(help: "By what: start_time, duration_ms, cost or tokens.")
    var sort: String?

    @Option(help: "In which order: desc or asc.")
    var order: String?

    @OptionGroup var filters: QueryFilters

    @OptionGroup var place: QueryPlace

    func run() async throws {
        try await place.asking { api in
            var query = [(name: "limit", value: "\(limit)")]
            if let sort { query.append(("sort", sort)) }
            if let order { query.append(("order", order)) }
            query += try filters.parameters()
            if place.json { return try await api.copy("/v1/traces", query) }
            let answer = try await api.json("/v1/traces", query)
            try StandardOutput.write(ListText.traces(answer, StandardOutput.place()))
            ListText.remark(answer).map(note)
        }
    }
}

/// `skein calls`: lists calls of models.
struct CallsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "calls",
        abstract: "Lists calls of models, the newest first.",
        discussion: "Each call once: what sums or repeats others is left out."
    )

    @Option(name: .shortAndLong, help: "How many, at most 1000.")
    var limit = 20

    @OptionGroup var filters: QueryFilters

    @OptionGroup var place: QueryPlace

    func run() async throws {
        try await place.asking { api in
            let query = [(name: "limit", value: "\(limit)")] + (try filters.parameters(.calls))
            if place.json { return try await api.copy("/v1/calls", query) }
            let answer = try await api.json("/v1/calls", query)
            try StandardOutput.write(ListText.calls(answer, StandardOutput.place()))
            ListText.remark(answer).map(note)
        }
    }
}
