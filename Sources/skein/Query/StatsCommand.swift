// StatsCommand.swift - skein stats.

import ArgumentParser
import TerminalText

/// `skein stats`: sums, costs and latencies.
struct StatsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stats",
        abstract: "Shows calls, tokens, costs and latencies of a period.",
        discussion: "What is not known shows as -, never as 0."
    )

    @Option(help: ArgumentHelp("One row for each of these: hour, day, week or month.", valueName: "interval"))
    var interval: String?

    @Option(
        help: ArgumentHelp(
            "One row for each of these, with commas for more: model, service, user ...",
            valueName: "names"
        )
    )
    var groupBy: String?

    @OptionGroup var filters: QueryFilters

    @OptionGroup var place: QueryPlace

    func run() async throws {
        try await place.asking { api in
            var query = try filters.parameters(.stats)
            if filters.since == nil, !query.contains(where: { $0.name == "from" }) {
                query.append(("from", QueryFilters.time("30d")))
            }
            if let interval { query.append(("interval", interval)) }
            if let groupBy { query.append(("group_by", groupBy)) }
            if place.json { return try await api.copy("/v1/stats", query) }
            let answer = try await api.json("/v1/stats", query)
            try StandardOutput.write(StatsText.stats(answer, StandardOutput.place()))
        }
    }
}
