// StatsRows.swift - sums as rows with names.

import GRDB
import TraceModel
import TraceStore

/// Makes rows of sums.
struct StatsRows {
    private let query: StatsQuery
    private let sums: StatsSums
    private let db: Database

    init(_ query: StatsQuery, _ sums: StatsSums, _ db: Database) {
        self.query = query
        self.sums = sums
        self.db = db
    }

    /// The rows by start, the dearest first, then those with the most calls.
    func page() throws -> StatsPage {
        let sorted = sums.rows.sorted { left, right in
            if left.key.start != right.key.start { return left.key.start < right.key.start }
            let (mine, theirs) = (left.value, right.value)
            if mine.sums[5] != theirs.sums[5] { return mine.sums[5] > theirs.sums[5] }
            if mine.calls != theirs.calls { return mine.calls > theirs.calls }
            return left.key.values.lexicographicallyPrecedes(right.key.values)
        }
        var names = StatsNames(db)
        let rows = try sorted.prefix(query.limit).map { key, figures in
            try row(key, figures, &names)
        }
        var page = StatsPage(rows: rows)
        page.isTruncated = sorted.count > query.limit || !sums.hasHistograms
        return page
    }

    private func row(_ key: StatsKey, _ figures: StatsFigures, _ names: inout StatsNames) throws -> StatsRow {
        let range = query.interval?.range(around: key.start)
        let group = try zip(query.groupBy, key.values).map { try names.name(of: $0, $1) }
        var row = StatsRow(start: range?.lowerBound, end: range?.upperBound, group: group)
        row.calls = figures.calls
        row.traces = figures.traces
        row.errors = figures.errors
        let values = figures.sums.indices.map { figures.known[$0] > 0 ? figures.sums[$0] : nil }
        row.tokensInput = values[0]
        row.tokensOutput = values[1]
        row.tokensCacheRead = values[2]
        row.tokensCacheWrite = values[3]
        row.tokensReasoning = values[4]
        row.cost = values[5].map { PicoUSD($0) }
        row.tokensEmbedding = values[6]
        row.latency = Self.percentiles(figures.latency)
        row.timeToFirstToken = Self.percentiles(figures.firstToken)
        return row
    }

    private static func percentiles(_ sum: HistogramSum) -> StatsPercentiles? {
        let histogram = sum.histogram
        guard let p50 = histogram.percentile(0.5), let p90 = histogram.percentile(0.9),
            let p95 = histogram.percentile(0.95), let p99 = histogram.percentile(0.99)
        else { return nil }
        return StatsPercentiles(p50: p50, p90: p90, p95: p95, p99: p99)
    }
}

/// Finds the names of numbers, each once.
struct StatsNames {
    private let db: Database
    private var known: [StatsDimension: [Int64: String]] = [:]

    init(_ db: Database) {
        self.db = db
    }

    /// The name of a value; nil where there is none.
    mutating func name(of dimension: StatsDimension, _ value: Int64) throws -> String? {
        if dimension == .status { return CallStatus(stored: value).rawValue }
        guard value != 0 else { return nil }
        if let name = known[dimension]?[value] { return name }
        let name = try stored(dimension, value)
        known[dimension, default: [:]][value] = name
        return name
    }

    private func stored(_ dimension: StatsDimension, _ value: Int64) throws -> String? {
        switch dimension {
        case .user, .session: return try text(dimension.rawValue, value)
        default:
            let sql = "SELECT name FROM \(dimension.rawValue)s WHERE \(dimension.rawValue)_id=?"
            return try String.fetchOne(db.cachedStatement(sql: sql), arguments: [value])
        }
    }

    /// The text of a session or user, which some trace with its hash has.
    private func text(_ column: String, _ hash: Int64) throws -> String? {
        var zoned = ZoneConditions()
        zoned.hashes = [hash]
        let zones = try ZoneList(conditions: zoned).fetch(db, by: "start", isAscending: false)
        let sql = """
            SELECT r.\(column) FROM traces t NOT INDEXED JOIN roots r USING(trace_no)
            WHERE t.trace_no >= ? AND t.trace_no < ? AND t.\(column)_hash = ? LIMIT 1
            """
        for zone in zones {
            let arguments: StatementArguments = [zone.traces.lowerBound, zone.traces.upperBound, hash]
            if let text = try String.fetchOne(db.cachedStatement(sql: sql), arguments: arguments) { return text }
        }
        return nil
    }
}
