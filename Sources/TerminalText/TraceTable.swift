// TraceTable.swift - lists of traces and of calls.

public import TraceModel

/// Lists as tables.
public enum ListText {
    /// Columns of an id in a terminal, at least; ids that begin alike get more.
    private static let shortestID = 8

    /// A list of traces.
    ///
    /// - Parameters:
    ///   - answer: What `GET /v1/traces` answered.
    ///   - place: Where it is shown; outside of terminals ids are whole.
    /// - Returns: Lines.
    public static func traces(_ answer: JSONValue, _ place: TextPlace) -> String {
        let rows = answer["data"]?.array ?? []
        guard !rows.isEmpty else { return "no traces\n" }
        let length = idLength(rows.compactMap { $0["trace_id"]?.string }, place)
        var table = TextTable(columns: [
            TextColumn(heading: "TIME", leftOut: 1),
            TextColumn(heading: "NAME", least: 12),
            TextColumn(heading: "MODEL", least: 8, leftOut: 2),
            TextColumn(heading: "IN", isNumber: true, leftOut: 3),
            TextColumn(heading: "OUT", isNumber: true, leftOut: 3),
            TextColumn(heading: "COST", isNumber: true),
            TextColumn(heading: "DURATION", isNumber: true),
            TextColumn(heading: "STATUS"),
            TextColumn(heading: "SPANS", isNumber: true, leftOut: 4),
            TextColumn(heading: "ID"),
        ])
        table.rows = rows.map { trace($0, length, place) }
        return table.text(place)
    }

    private static func trace(_ row: JSONValue, _ length: Int, _ place: TextPlace) -> [TextCell] {
        let llm = row["llm_summary"]
        return [
            TextCell(Figures.time(row["start_time"]?.string, place), .dim),
            TextCell(row[path: ["root_span", "name"]].line, .bold),
            TextCell((llm?["model"]).line),
            TextCell(Figures.count(llm?["tokens_input"]?.integer)),
            TextCell(Figures.count(llm?["tokens_output"]?.integer)),
            TextCell(Figures.cost(llm?["cost"]?.double)),
            TextCell(Figures.duration(milliseconds: row["duration_ms"]?.double)),
            status(row),
            TextCell(Figures.count(row["span_count"]?.integer)),
            TextCell(String((row["trace_id"]).line.prefix(length)), .cyan),
        ]
    }

    /// How a trace or call ended; a trace that is not whole yet says so.
    static func status(_ row: JSONValue) -> TextCell {
        let status = row["status"].line
        if status == "error" || status == "timeout" { return TextCell(status, .red) }
        return row["complete"]?.bool == false ? TextCell("\(status) …", .yellow) : TextCell(status, .green)
    }

    /// A list of calls.
    ///
    /// - Parameters:
    ///   - answer: What `GET /v1/calls` answered.
    ///   - place: Where it is shown; outside of terminals ids are whole.
    /// - Returns: Lines.
    public static func calls(_ answer: JSONValue, _ place: TextPlace) -> String {
        let rows = answer["traces"]?.array ?? []
        guard !rows.isEmpty else { return "no calls\n" }
        var table = TextTable(columns: [
            TextColumn(heading: "TIME", leftOut: 1),
            TextColumn(heading: "MODEL", least: 8),
            TextColumn(heading: "PROVIDER", least: 6, leftOut: 4),
            TextColumn(heading: "IN", isNumber: true, leftOut: 3),
            TextColumn(heading: "OUT", isNumber: true, leftOut: 3),
            TextColumn(heading: "COST", isNumber: true),
            TextColumn(heading: "LATENCY", isNumber: true),
            TextColumn(heading: "STATUS"),
            TextColumn(heading: "TRACE"),
        ])
        let traces = rows.map { traceID(of: $0["request_id"]?.string) }
        let length = idLength(traces, place)
        table.rows = zip(rows, traces).map { row, trace in
            [
                TextCell(Figures.time(row["created_at"]?.string, place), .dim),
                TextCell(row["model"].line, .bold),
                TextCell(row["provider"].line),
                TextCell(Figures.count(row["tokens_in"]?.integer)),
                TextCell(Figures.count(row["tokens_out"]?.integer)),
                TextCell(Figures.cost(row["cost_usd"]?.double)),
                TextCell(Figures.duration(milliseconds: row["latency_ms"]?.double)),
                status(row),
                TextCell(place.width == nil ? row["request_id"].line : String(trace.prefix(length)), .cyan),
            ]
        }
        return table.text(place)
    }

    /// The trace in the id of a call: `t_`, 32 digits of the trace, 16 of the span.
    private static func traceID(of request: String?) -> String {
        guard let request, request.hasPrefix("t_") else { return SafeText.line(request ?? Figures.unknown) }
        return SafeText.line(String(request.dropFirst(2).prefix(32)))
    }

    /// What is to be said beside a list; nil when it is all there is.
    ///
    /// - Parameter answer: What `GET /v1/traces` or `GET /v1/calls` answered.
    /// - Returns: One line.
    public static func remark(_ answer: JSONValue) -> String? {
        let page = answer["pagination"] ?? answer
        var notes: [String] = []
        if page["partial"]?.bool == true { notes.append("the scan met its deadline: not everything was looked at") }
        if page["has_more"]?.bool == true { notes.append("there are more: --limit N shows more of them") }
        if !notes.isEmpty, let total = page["total"]?.integer { notes.append("\(Figures.count(total)) in all") }
        return notes.isEmpty ? nil : notes.joined(separator: ", ")
    }

    /// So many digits that no two ids begin alike.
    static func idLength(_ ids: [String], _ place: TextPlace) -> Int {
        guard place.width != nil else { return .max }
        let sorted = Set(ids).sorted()
        var length = shortestID
        for (left, right) in zip(sorted, sorted.dropFirst()) {
            length = max(length, zip(left, right).prefix { $0 == $1 }.count + 1)
        }
        return length
    }
}
