// StatsTable.swift - statistics as a table.

public import TraceModel

/// Statistics as a table.
public enum StatsText {
    /// Rows of statistics.
    ///
    /// - Parameters:
    ///   - answer: What `GET /v1/stats` answered.
    ///   - place: Where it is shown.
    /// - Returns: Lines.
    public static func stats(_ answer: JSONValue, _ place: TextPlace) -> String {
        let rows = answer["data"]?.array ?? []
        guard !rows.isEmpty else { return "no calls in this period\n" }
        let groups = (answer["group_by"]?.array ?? []).compactMap(\.string)
        let interval = answer["interval"]?.string
        var columns: [TextColumn] = []
        if interval != nil { columns.append(TextColumn(heading: "FROM")) }
        columns += groups.map { TextColumn(heading: SafeText.line($0.uppercased()), least: 8) }
        columns += figures.map { TextColumn(heading: $0.heading, isNumber: true, leftOut: $0.leftOut) }
        var table = TextTable(columns: columns)
        table.rows = rows.map { row in
            var cells: [TextCell] = []
            if let interval { cells.append(TextCell(start(row, interval, place), .dim)) }
            cells += groups.map { TextCell((row["group"]?[$0]).line, .bold) }
            return cells + figures.map { TextCell($0.text(row)) }
        }
        return table.text(place)
    }

    /// Periods of a day and more begin at midnight UTC: the day is enough, and the clock on the wall would mislead.
    private static func start(_ row: JSONValue, _ interval: String, _ place: TextPlace) -> String {
        let time = row["start_time"]?.string
        guard ["day", "week", "month"].contains(interval) else { return Figures.time(time, place) }
        return time.map { SafeText.line(String($0.prefix(10))) } ?? Figures.unknown
    }

    private struct Figure {
        var heading: String
        var leftOut = 0
        var text: (JSONValue) -> String
    }

    private static func count(_ heading: String, _ name: String, _ leftOut: Int = 0) -> Figure {
        Figure(heading: heading, leftOut: leftOut) { Figures.count($0[name]?.integer) }
    }

    private static func time(_ heading: String, _ path: [String], _ leftOut: Int) -> Figure {
        Figure(heading: heading, leftOut: leftOut) { Figures.duration(milliseconds: $0[path: path]?.double) }
    }

    private static var figures: [Figure] {
        [
            count("CALLS", "calls"),
            count("TRACES", "traces", 4),
            count("ERRORS", "errors"),
            count("IN", "tokens_input"),
            count("OUT", "tokens_output"),
            count("EMBEDDED", "tokens_embedding", 8),
            count("REASONING", "tokens_reasoning", 7),
            Figure(heading: "CACHED", leftOut: 3) { Figures.share($0["cache_hit_share"]?.double) },
            Figure(heading: "COST") { Figures.cost($0["cost"]?.double) },
            time("P50", ["latency_ms", "p50"], 1),
            time("P95", ["latency_ms", "p95"], 2),
            time("P99", ["latency_ms", "p99"], 6),
            time("TTFT P50", ["time_to_first_token_ms", "p50"], 5),
        ]
    }
}
