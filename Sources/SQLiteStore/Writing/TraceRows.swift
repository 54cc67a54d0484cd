// TraceRows.swift - the rows of `traces`, `roots` and `calls`.

import COTLP
import Foundation
import GRDBSQLite
import TraceAssembly
import TraceModel
import TraceStore

/// Writes what a trace comes to.
///
/// Belongs to the writer's thread.
struct TraceRows {
    private let names: StoredNames
    private(set) var calls: CallRows
    private(set) var derived = DerivedRows()
    /// The time of now, in seconds since the Unix epoch.
    var now: @Sendable () -> Int64 = { Int64(Date().timeIntervalSince1970) }

    private static let traceColumns = """
        project_id, trace_id, start_ns, duration_ns, span_count, error_count, status, marks, missing_parents, complete, \
        service_id, model_id, model_bits, calls, call_errors, calls_with_cost, tokens_input, tokens_output, \
        tokens_cache_read, tokens_cache_write, tokens_reasoning, tokens_embedding, cost, ttft_ns, has_llm, \
        session_hash, user_hash, stored_at, provider_bits, operation_bits, error_bits, shape_id
        """
    private var insertTrace = KeptStatement(
        """
        INSERT INTO traces(\(traceColumns), trace_no)
        VALUES(\(Array(repeating: "?", count: 33).joined(separator: ",")))
        """
    )
    /// All counts are 0 then, what is not told is null, and the start is one that no list looks at.
    private var insertBareTrace = KeptStatement(
        """
        INSERT OR REPLACE INTO traces(trace_no, project_id, trace_id, stored_at, start_ns, duration_ns, span_count, \
        error_count, status, marks, missing_parents, complete, model_bits, calls, call_errors, calls_with_cost, has_llm)
        VALUES(?, ?, ?, ?, -1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
        """
    )
    /// Leaves the index on the start alone: SQLite would write it again even if nothing changes.
    private var updateTrace = KeptStatement(update(from: 4))
    private var updateTraceAndStart = KeptStatement(update(from: 3))

    private static func update(from first: Int) -> String {
        let columns = traceColumns.split(separator: ", ").enumerated().dropFirst(first - 1)
        return "UPDATE traces SET \(columns.map { "\($1)=?\($0 + 1)" }.joined(separator: ",")) WHERE trace_no=?33"
    }

    private static let rootColumns = "(trace_no, span_id, provisional, name, attributes, truncated, session, user)"
    private var insertRoot = KeptStatement("INSERT INTO roots\(rootColumns) VALUES(?, ?, ?, ?, ?, ?, ?, ?)")
    private var replaceRoot = KeptStatement("INSERT OR REPLACE INTO roots\(rootColumns) VALUES(?, ?, ?, ?, ?, ?, ?, ?)")

    init() {
        names = StoredNames()
        calls = CallRows(names: names)
    }

    /// Writes the calls of a trace that changed, and inserts or updates its row.
    mutating func save(_ entry: TraceEntry, _ summary: AssembledSummary, in connection: SQLiteConnection)
        throws(StoreError)
    {
        var figures = try derived.figures(of: entry.number, isStored: entry.hasRow, in: connection)
        try calls.save(entry, &figures, &derived, in: connection)
        let service = try names.service(summary.service, connection)
        let bare = CallCombo(bareTraceOf: entry.project, service: service, isError: summary.isError)
        try derived.tally(&figures, start: summary.start, bare: bare, in: connection)
        derived.keep(figures, of: entry.number)
        let row = try statement(for: entry, summary, connection)
        row.bind(1, entry.project)
        row.bind(2, id: entry.id)
        row.bind(3, summary.start)
        row.bind(4, max(0, summary.end - summary.start))
        row.bind(5, summary.spanCount)
        row.bind(6, summary.errorCount)
        row.bind(7, summary.isError ? 1 : 0)
        row.bind(8, Int(summary.marks.rawValue))
        row.bind(9, summary.missingParents)
        row.bind(10, summary.isComplete ? 1 : 0)
        row.bind(11, service)
        let models = try modelBits(summary.llm, connection)
        try bindTotals(row, summary.llm, models, connection)
        row.bind(26, summary.session?.stableHash)
        row.bind(27, summary.user?.stableHash)
        row.bind(28, now())
        row.bind(29, Int64(bitPattern: figures.providers))
        row.bind(30, Int64(bitPattern: figures.operations))
        row.bind(31, Int64(bitPattern: figures.errors))
        row.bind(32, figures.tally?.shape)
        row.bind(33, entry.number)
        try row.run()
        let values = TraceZoneValues(of: entry, summary, figures, service: service, models: models)
        try derived.widen(entry.number, with: values, in: connection)
    }

    /// Bit (number mod 64) for each model of an own call.
    private mutating func modelBits(_ llm: LLMTotals?, _ connection: SQLiteConnection) throws(StoreError) -> UInt64 {
        var bits: UInt64 = 0
        for name in llm?.models ?? [] {
            if let id = try names.model(name, connection) { bits |= Zone.bit(id) }
        }
        // The list ends at 64 names: more of them may be there.
        return llm?.models.count == 64 ? .max : bits
    }

    /// Inserts the row of a trace of which only log records have arrived, so that its number is found again.
    ///
    /// No list shows it, since it has no spans.
    mutating func saveWithoutSpans(_ entry: TraceEntry, in connection: SQLiteConnection) throws(StoreError) {
        let row = try insertBareTrace.on(connection)
        row.bind(1, entry.number)
        row.bind(2, entry.project)
        row.bind(3, id: entry.id)
        row.bind(4, now())
        try row.run()
    }

    private mutating func statement(
        for entry: TraceEntry,
        _ summary: AssembledSummary,
        _ connection: SQLiteConnection
    ) throws(StoreError) -> SQLiteStatement {
        defer { entry.savedStart = summary.start }
        guard entry.hasRow else { return try insertTrace.on(connection) }
        return try entry.savedStart == summary.start
            ? updateTrace.on(connection) : updateTraceAndStart.on(connection)
    }

    private mutating func bindTotals(
        _ row: SQLiteStatement,
        _ llm: LLMTotals?,
        _ bits: UInt64,
        _ connection: SQLiteConnection
    ) throws(StoreError) {
        row.bind(12, try names.model(llm?.model, connection))
        row.bind(13, Int64(bitPattern: bits))
        row.bind(14, llm?.calls ?? 0)
        row.bind(15, llm?.callErrors ?? 0)
        row.bind(16, llm?.callsWithCost ?? 0)
        row.bind(17, llm?.input)
        row.bind(18, llm?.output)
        row.bind(19, llm?.cacheRead)
        row.bind(20, llm?.cacheWrite)
        row.bind(21, llm?.reasoning)
        row.bind(22, llm?.embeddingTokens)
        row.bind(23, llm?.cost?.value)
        row.bind(24, llm?.timeToFirstToken)
        row.bind(25, llm == nil ? 0 : 1)
    }

    /// Inserts or replaces what a list shows of a trace.
    mutating func saveRoot(
        _ entry: TraceEntry,
        _ summary: AssembledSummary,
        _ display: RootDisplay,
        in connection: SQLiteConnection
    ) throws(StoreError) {
        let row = try entry.shown == nil ? insertRoot.on(connection) : replaceRoot.on(connection)
        row.bind(1, entry.number)
        row.bind(2, id: display.spanID)
        row.bind(3, summary.root.isProvisional ? 1 : 0)
        row.bind(4, display.name)
        row.bind(5, text: display.attributes)
        row.bind(6, display.truncated.isEmpty ? nil : display.truncated.jsonArray)
        row.bind(7, summary.session)
        row.bind(8, summary.user)
        try row.run()
    }

    /// Shows other values of the root of a trace.
    func replaceDisplay(_ display: RootDisplay, of trace: Int64, in connection: SQLiteConnection) throws(StoreError) {
        let row = try connection.statement("UPDATE roots SET name=?, attributes=?, truncated=? WHERE trace_no=?")
        row.bind(1, display.name)
        row.bind(2, text: display.attributes)
        row.bind(3, display.truncated.isEmpty ? nil : display.truncated.jsonArray)
        row.bind(4, trace)
        try row.run()
    }

    /// Keeps what calls cost so far beside what they will cost from now on, unless that was kept before.
    mutating func keepCharged(_ numbers: [UInt32], of entry: TraceEntry, in connection: SQLiteConnection)
        throws(StoreError)
    {
        try calls.keepCharged(numbers, of: entry, in: connection)
    }

    /// Remembers the calls that later ones may repeat in other traces, once.
    mutating func loadLinks(_ connection: SQLiteConnection) throws(StoreError) {
        try calls.loadLinks(connection)
    }

    /// Takes a trace that is about to go back from statistics, while its rows are still there.
    mutating func takeBack(_ trace: Int64, in connection: SQLiteConnection) throws(StoreError) {
        try derived.takeBack(trace, in: connection)
    }

    /// Counts the call of an id in a trace, since the trace that counted it goes.
    mutating func countNext(_ hash: Int64, of trace: Int64, in connection: SQLiteConnection) throws(StoreError) {
        try derived.count(hash, of: trace, in: connection)
    }

    /// Writes what the rows of this transaction change in statistics and zones.
    mutating func saveDerived(in connection: SQLiteConnection) throws(StoreError) {
        try derived.save(in: connection)
    }

    /// What was written is in the file for good.
    mutating func commit() {
        names.commit()
        calls.commit()
        derived.commit()
    }

    /// Gives back what is only there to be faster; only between transactions.
    mutating func rest() {
        derived.rest()
    }

    /// What was written is not in the file.
    mutating func rollback() {
        names.rollback()
        calls.rollback()
        derived.rollback()
    }
}

extension CallCombo {
    /// What a trace without calls is counted by.
    init(bareTraceOf project: Int64, service: Int64?, isError: Bool) {
        self.init(
            project: project,
            service: service ?? 0,
            provider: 0,
            model: 0,
            operation: 0,
            role: 0,
            outcome: isError ? 1 : 0
        )
    }
}

extension TraceZoneValues {
    fileprivate init(
        of entry: TraceEntry,
        _ summary: AssembledSummary,
        _ figures: TraceFigures,
        service: Int64?,
        models: UInt64
    ) {
        self.init(
            project: entry.project,
            start: summary.start,
            duration: max(0, summary.end - summary.start),
            cost: summary.llm?.cost?.value,
            input: summary.llm?.input,
            output: summary.llm?.output,
            service: service,
            models: models,
            figures: figures,
            marks: UInt64(summary.marks.rawValue),
            isMissingParents: summary.missingParents > 0,
            isError: summary.isError,
            session: summary.session?.stableHash,
            user: summary.user?.stableHash
        )
    }
}

extension String {
    /// The 64-bit hash under which sessions and users are filtered; part of the file format.
    var stableHash: Int64 {
        var copy = self
        return copy.withUTF8 { Int64(bitPattern: cotlp_hash64($0.baseAddress, $0.count, 0)) }
    }
}

extension SpanID {
    /// Reads eight bytes; none for another length.
    init(bytes: some Collection<UInt8>) {
        self.init(bytes.count == 8 ? bytes.reduce(0) { $0 << 8 | UInt64($1) } : 0)
    }
}

extension [String] {
    /// A JSON array of strings.
    fileprivate var jsonArray: String {
        // Strings always encode.
        (try? JSONEncoder().encode(self)).map { String(decoding: $0, as: UTF8.self) } ?? "[]"
    }
}
