// TraceRow.swift - the traces that a query on spans looks at.

import TraceModel
import TraceStore

/// What the search for spans has to know of a trace.
struct TraceRow {
    static let columns = "trace_no, trace_id, project_id, start_ns, duration_ns, marks"

    var number: Int64
    var id: TraceID
    var project: Int64
    /// The least start of a span that is given.
    var start: Int64
    /// The greatest end.
    var end: Int64
    var hasSpanWithoutStart: Bool

    /// Reads the columns; nil for a trace that is being removed.
    init?(_ row: SQLiteStatement) {
        guard let id = TraceID(bytes: row.blob(1)) else { return nil }
        self.id = id
        number = row.integer(0)
        project = row.integer(2)
        start = row.integer(3)
        let (end, isTooLate) = start.addingReportingOverflow(row.integer(4))
        self.end = isTooLate ? .max : end
        hasSpanWithoutStart = SpanMarks(rawValue: UInt16(truncatingIfNeeded: row.integer(5))).contains(.startMissing)
    }
}

/// Goes over the traces that may have what a search wants, in the order of their numbers.
struct TraceWalk {
    private enum Way {
        /// Those of an id, one look-up each; in reverse order.
        case numbers([Int64])
        case rows(SQLiteStatement)
    }

    private let search: SpanSearch
    private let connection: SQLiteConnection
    private let project: Int64?
    private var way: Way

    init(_ search: SpanSearch, in source: SpanSource) throws(StoreError) {
        self.search = search
        connection = source.connection
        project = try search.project.map { name throws(StoreError) in try source.projectNumber(name) ?? -1 }
        if search.isEmpty {
            way = .numbers([])
        } else if let id = search.traceID {
            let numbers = try source.traces.numbers(of: id, on: source.connection)
                .filter { $0 >= search.lowest && $0 <= search.highest }
            way = .numbers(numbers.sorted { search.isNewestFirst ? $0 < $1 : $0 > $1 })
        } else {
            way = .rows(try Self.rows(search, project, source.connection))
        }
    }

    private static func rows(
        _ search: SpanSearch,
        _ project: Int64?,
        _ connection: SQLiteConnection
    ) throws(StoreError) -> SQLiteStatement {
        let rows = try SQLiteStatement(
            connection,
            """
            SELECT \(TraceRow.columns) FROM traces NOT INDEXED
            WHERE trace_no >= ? AND trace_no <= ? AND (project_id = ?3 OR ?3 IS NULL) AND span_count > 0
            ORDER BY trace_no \(search.isNewestFirst ? "DESC" : "")
            """
        )
        rows.bind(1, search.lowest)
        rows.bind(2, search.highest)
        rows.bind(3, project)
        return rows
    }

    /// The next trace; nil at the end.
    mutating func next() throws(StoreError) -> TraceRow? {
        switch way {
        case .rows(let rows):
            while try rows.step() {
                if let row = TraceRow(rows), search.mayMatch(row) { return row }
            }
        case .numbers(var numbers):
            defer { way = .numbers(numbers) }
            while let number = numbers.popLast() {
                guard let row = try look(up: number), row.id == search.traceID, search.mayMatch(row),
                    project == nil || project == row.project
                else { continue }
                return row
            }
        }
        return nil
    }

    private func look(up number: Int64) throws(StoreError) -> TraceRow? {
        let row = try connection.statement(
            "SELECT \(TraceRow.columns) FROM traces WHERE trace_no = ? AND span_count > 0"
        )
        defer { row.reset() }
        row.bind(1, number)
        return try row.step() ? TraceRow(row) : nil
    }
}
