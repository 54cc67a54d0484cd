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
    private var services = NameTable("services")
    private var providers = NameTable("providers")
    private var models = NameTable("models")
    private var operations = NameTable("operations")
    private var prices = NameTable("prices")
    private var links = CallLinks()
    /// The time of now, in seconds since the Unix epoch.
    var now: @Sendable () -> Int64 = { Int64(Date().timeIntervalSince1970) }

    private static let traceColumns = """
        project_id, trace_id, start_ns, duration_ns, span_count, error_count, status, marks, missing_parents, complete, \
        service_id, model_id, model_bits, calls, call_errors, calls_with_cost, tokens_input, tokens_output, \
        tokens_cache_read, tokens_cache_write, tokens_reasoning, tokens_embedding, cost, ttft_ns, has_llm, \
        session_hash, user_hash, stored_at
        """
    private var insertTrace = KeptStatement(
        """
        INSERT INTO traces(\(traceColumns), trace_no)
        VALUES(\(Array(repeating: "?", count: 29).joined(separator: ",")))
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
        return "UPDATE traces SET \(columns.map { "\($1)=?\($0 + 1)" }.joined(separator: ",")) WHERE trace_no=?29"
    }

    private static let rootColumns = "(trace_no, span_id, provisional, name, attributes, truncated, session, user)"
    private var insertRoot = KeptStatement("INSERT INTO roots\(rootColumns) VALUES(?, ?, ?, ?, ?, ?, ?, ?)")
    private var replaceRoot = KeptStatement("INSERT OR REPLACE INTO roots\(rootColumns) VALUES(?, ?, ?, ?, ?, ?, ?, ?)")
    private var deleteCall = KeptStatement("DELETE FROM calls WHERE call_id=?")
    private var insertCall = KeptStatement("INSERT INTO calls(\(callColumns)) VALUES(\(callValues))")
    private var replaceCall = KeptStatement(
        """
        INSERT INTO calls(\(callColumns)) VALUES(\(callValues))
        ON CONFLICT(call_id) DO UPDATE SET \
        \(callColumns.split(separator: ", ").dropFirst().map { "\($0)=excluded.\($0)" }.joined(separator: ","))
        """
    )
    private static let callValues = Array(repeating: "?", count: 30).joined(separator: ",")
    private var keepCharged = KeptStatement(
        "UPDATE calls SET cost_charged=ifnull(cost_charged, cost_computed) WHERE call_id=?"
    )

    /// Inserts or updates the row of a trace.
    mutating func save(_ entry: TraceEntry, _ summary: AssembledSummary, in connection: SQLiteConnection)
        throws(StoreError)
    {
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
        row.bind(
            11,
            try summary.service.flatMap { name throws(StoreError) in try services.id(of: name, in: connection) }
        )
        try bindTotals(row, summary.llm, connection)
        row.bind(26, summary.session?.stableHash)
        row.bind(27, summary.user?.stableHash)
        row.bind(28, now())
        row.bind(29, entry.number)
        try row.run()
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
        _ connection: SQLiteConnection
    ) throws(StoreError) {
        var bits: UInt64 = 0
        for name in llm?.models ?? [] {
            if let id = try models.id(of: name, in: connection) { bits |= 1 << UInt64(id & 63) }
        }
        // The list ends at 64 names: more of them may be there.
        if llm?.models.count == 64 { bits = .max }
        row.bind(12, try llm?.model.flatMap { name throws(StoreError) in try models.id(of: name, in: connection) })
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
    mutating func keepCharged(_ calls: [UInt32], of entry: TraceEntry, in connection: SQLiteConnection)
        throws(StoreError)
    {
        for number in calls {
            let row = try keepCharged.on(connection)
            row.bind(1, PartKey.key(entry.number, number))
            try row.run()
        }
    }

    /// Remembers the calls that later ones may repeat in other traces.
    mutating func loadLinks(_ connection: SQLiteConnection) throws(StoreError) {
        try links.load(from: connection)
    }

    /// Writes the calls of a trace that changed.
    mutating func saveCalls(_ entry: TraceEntry, in connection: SQLiteConnection) throws(StoreError) {
        for call in entry.assembly.takeChangedCalls() {
            let key = PartKey.key(entry.number, call.number)
            if call.removed {
                let delete = try deleteCall.on(connection)
                delete.bind(1, key)
                try delete.run()
            } else {
                try save(call, key, entry, connection)
            }
        }
    }

    private static let callColumns = """
        call_id, project_id, created_ns, duration_ns, span_id, role, status, counted, counted_rule, operation_id, \
        provider_id, model_id, request_model_id, tokens_input, tokens_output, tokens_cache_read, tokens_cache_write, \
        tokens_reasoning, cost, cost_reported, ttft_ns, streaming, error_type, response_hash, session_hash, user_hash, \
        cost_computed, price_id, request_hash, labels
        """
    private mutating func save(
        _ call: AssembledCall,
        _ key: Int64,
        _ entry: TraceEntry,
        _ connection: SQLiteConnection
    ) throws(StoreError) {
        let row = try call.isNew ? insertCall.on(connection) : replaceCall.on(connection)
        row.bind(1, key)
        row.bind(2, entry.project)
        row.bind(3, call.start)
        row.bind(4, call.end - call.start)
        row.bind(5, id: call.spanID)
        row.bind(6, Int(call.role.rawValue))
        row.bind(7, Int(call.status.rawValue))
        row.bind(8, Int(call.scope.rawValue))
        row.bind(9, Int(call.rule.rawValue))
        row.bind(
            10,
            try call.operation.flatMap { name throws(StoreError) in try operations.id(of: name, in: connection) }
        )
        row.bind(
            11,
            try call.provider.flatMap { name throws(StoreError) in try providers.id(of: name, in: connection) }
        )
        row.bind(
            12,
            try (call.responseModel ?? call.requestModel).flatMap { name throws(StoreError) in
                try models.id(of: name, in: connection)
            }
        )
        row.bind(
            13,
            try call.requestModel.flatMap { name throws(StoreError) in try models.id(of: name, in: connection) }
        )
        row.bind(14, call.usage.input)
        row.bind(15, call.usage.output)
        row.bind(16, call.usage.cacheRead)
        row.bind(17, call.usage.cacheWrite)
        row.bind(18, call.usage.reasoning)
        row.bind(19, (call.costReported ?? call.costComputed)?.value)
        row.bind(20, call.costReported?.value)
        row.bind(21, call.timeToFirstToken)
        row.bind(22, call.isStreaming.map { $0 ? 1 : 0 })
        row.bind(23, call.errorType)
        row.bind(24, call.responseID?.stableHash)
        row.bind(25, call.session?.stableHash)
        row.bind(26, call.user?.stableHash)
        row.bind(27, call.costComputed?.value)
        row.bind(28, try call.price.flatMap { name throws(StoreError) in try prices.id(of: name, in: connection) })
        row.bind(29, call.requestID?.requestHash)
        row.bind(30, call.labels)
        try row.run()
        guard call.scope == .own else { return }
        let place = CallLinks.Place(trace: entry.number, project: entry.project, isSynthesized: call.isSynthesized)
        if let id = call.responseID { try links.note(response: id.stableHash, at: place, in: connection) }
        if let id = call.requestID { try links.note(request: id.requestHash, at: place, in: connection) }
    }

    /// The names added since are in the file for good.
    mutating func commit() {
        services.commit()
        providers.commit()
        models.commit()
        operations.commit()
        prices.commit()
        links.commit()
    }

    /// The names added since are not in the file.
    mutating func rollback() {
        services.rollback()
        providers.rollback()
        models.rollback()
        operations.rollback()
        prices.rollback()
        links.rollback()
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
