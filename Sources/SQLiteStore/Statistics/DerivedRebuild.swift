// DerivedRebuild.swift - statistics and zones made anew from traces and calls.

import TraceAssembly
import TraceModel
import TraceStore

/// Makes statistics and zones of traces that were stored before there were any.
///
/// Goes on where it was stopped: `meta.derived_from` is the first trace that is still to be done, and is gone at the end.
struct DerivedRebuild {
    private let connection: SQLiteConnection
    private var derived = DerivedRows()
    /// Traces of one transaction.
    private static let slice: Int64 = 4096

    /// Makes a rebuild on the writer's connection.
    init(_ connection: SQLiteConnection) {
        self.connection = connection
    }

    /// The first trace that is still to be done; nil when all are.
    static func start(_ connection: SQLiteConnection) throws(StoreError) -> Int64? {
        try connection.integer("SELECT value FROM meta WHERE key='derived_from'")
    }

    /// Does what is to be done.
    ///
    /// - Throws: `StoreError`; what was done until then stays.
    mutating func run() throws(StoreError) {
        guard var next = try Self.start(connection) else { return }
        let end = try connection.integer("SELECT ifnull(max(trace_no), 0) FROM traces") ?? 0
        while next <= end {
            do throws(StoreError) {
                try connection.execute("BEGIN IMMEDIATE")
                try rebuild(next..<next + Self.slice)
                try derived.save(in: connection)
                next += Self.slice
                try connection.execute("UPDATE meta SET value=\(next) WHERE key='derived_from'; COMMIT;")
                derived.commit()
            } catch {
                derived.rollback()
                // Nothing is open when the first statement failed.
                try? connection.execute("ROLLBACK")
                throw error
            }
        }
        try connection.execute("DELETE FROM meta WHERE key='derived_from'")
    }

    private mutating func rebuild(_ traces: Range<Int64>) throws(StoreError) {
        try connection.execute(
            Self.callSQL(PartKey.first(of: traces.lowerBound)..<PartKey.first(of: traces.upperBound))
        )
        let rows = try connection.statement(
            """
            SELECT trace_no, project_id, start_ns, duration_ns, cost, tokens_input, tokens_output, service_id, \
            model_bits, marks, missing_parents, status, session_hash, user_hash \
            FROM traces WHERE trace_no >= ? AND trace_no < ? AND start_ns >= 0
            """
        )
        rows.bind(1, traces.lowerBound)
        rows.bind(2, traces.upperBound)
        defer { rows.reset() }
        while try rows.step() { try rebuild(rows) }
    }

    /// Columns of calls that there were not before.
    private static func callSQL(_ keys: Range<Int64>) -> String {
        let words = CallStatus.timeoutWords.map { "instr(lower(error_type), '\($0)') > 0" }.joined(separator: " OR ")
        let codes = CallStatus.timeoutCodes.sorted().map { "'\($0)'" }.joined(separator: ",")
        return """
            UPDATE calls SET
                service_id = ifnull(service_id, (SELECT t.service_id FROM traces t WHERE t.trace_no = call_id >> 24)),
                outcome = CASE WHEN ifnull(\(words) OR lower(error_type) IN (\(codes)), 0) THEN 2
                    WHEN status = 2 OR error_type IS NOT NULL THEN 1 ELSE 0 END,
                counts = counted = 0
                    AND (role IN (1, 2, 5) OR tokens_input IS NOT NULL OR tokens_output IS NOT NULL
                        OR cost_reported IS NOT NULL)
                    AND NOT EXISTS (
                        SELECT 1 FROM linked_traces mine JOIN linked_traces theirs
                            ON theirs.hash = mine.hash AND theirs.project_id = mine.project_id
                                AND theirs.rank < mine.rank
                        WHERE mine.trace_no = call_id >> 24 AND mine.hash IN (response_hash, request_hash)
                    )
            WHERE call_id >= \(keys.lowerBound) AND call_id < \(keys.upperBound)
            """
    }

    private mutating func rebuild(_ row: SQLiteStatement) throws(StoreError) {
        func known(_ column: Int32) -> Int64? { row.isNull(column) ? nil : row.integer(column) }
        let trace = row.integer(0)
        var figures = try calls(of: trace)
        let bare = CallCombo(bareTraceOf: row.integer(1), service: known(7), isError: row.integer(11) == 1)
        try derived.tally(&figures, start: row.integer(2), bare: bare, in: connection)
        let values = TraceZoneValues(
            project: row.integer(1),
            start: row.integer(2),
            duration: row.integer(3),
            cost: known(4),
            input: known(5),
            output: known(6),
            service: known(7),
            models: UInt64(bitPattern: row.integer(8)),
            figures: figures,
            marks: UInt64(bitPattern: row.integer(9)),
            isMissingParents: row.integer(10) > 0,
            isError: row.integer(11) == 1,
            session: known(12),
            user: known(13)
        )
        try derived.widen(trace, with: values, in: connection)
        let update = try connection.statement(
            "UPDATE traces SET provider_bits=?, operation_bits=?, error_bits=?, shape_id=? WHERE trace_no=?"
        )
        update.bind(1, Int64(bitPattern: figures.providers))
        update.bind(2, Int64(bitPattern: figures.operations))
        update.bind(3, Int64(bitPattern: figures.errors))
        update.bind(4, figures.tally?.shape)
        update.bind(5, trace)
        try update.run()
    }

    /// Counts the calls of a trace.
    private mutating func calls(of trace: Int64) throws(StoreError) -> TraceFigures {
        var figures = TraceFigures()
        let rows = try connection.statement(StoredCallRow.sql(where: "call_id >= ? AND call_id < ?"))
        rows.bind(1, PartKey.first(of: trace))
        rows.bind(2, PartKey.end(of: trace))
        defer { rows.reset() }
        while try rows.step() {
            let call = StoredCallRow(rows)
            if call.counts {
                figures.count(combo: try derived.count(call.tally, sign: 1, in: connection), sign: 1)
            }
            if call.isOwn, call.tally.combo.provider != 0 { figures.providers |= Zone.bit(call.tally.combo.provider) }
            if call.isOwn, call.tally.combo.operation != 0 {
                figures.operations |= Zone.bit(call.tally.combo.operation)
            }
            if let error = call.errorHash { figures.errors |= Zone.bit(error) }
            try derived.widen(trace, with: call, in: connection)
        }
        return figures
    }
}
