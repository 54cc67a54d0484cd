// CallRows.swift - the rows of `calls`, and what they add to statistics.

import TraceAssembly
import TraceModel
import TraceStore

/// Writes the calls of traces.
///
/// Belongs to the writer's thread.
struct CallRows {
    private let names: StoredNames
    private var links = CallLinks()

    private static let columns = """
        call_id, project_id, created_ns, duration_ns, span_id, role, status, counted, counted_rule, operation_id, \
        provider_id, model_id, request_model_id, tokens_input, tokens_output, tokens_cache_read, tokens_cache_write, \
        tokens_reasoning, cost, cost_reported, ttft_ns, streaming, error_type, response_hash, session_hash, user_hash, \
        cost_computed, price_id, request_hash, labels, service_id, outcome, counts
        """
    private static let values = Array(repeating: "?", count: 33).joined(separator: ",")
    private var delete = KeptStatement("DELETE FROM calls WHERE call_id=?")
    private var find = KeptStatement(StoredCallRow.sql(where: "call_id=?"))
    private var insert = KeptStatement("INSERT INTO calls(\(columns)) VALUES(\(values))")
    private var replace = KeptStatement(
        """
        INSERT INTO calls(\(columns)) VALUES(\(values))
        ON CONFLICT(call_id) DO UPDATE SET \
        \(columns.split(separator: ", ").dropFirst().map { "\($0)=excluded.\($0)" }.joined(separator: ","))
        """
    )
    private var keepCharged = KeptStatement(
        "UPDATE calls SET cost_charged=ifnull(cost_charged, cost_computed) WHERE call_id=?"
    )

    /// Makes rows that refer to names.
    init(names: StoredNames) {
        self.names = names
    }

    /// Keeps what calls cost so far beside what they will cost from now on, unless that was kept before.
    mutating func keepCharged(
        _ calls: [UInt32],
        of entry: TraceEntry,
        in connection: SQLiteConnection
    ) throws(StoreError) {
        for number in calls {
            let row = try keepCharged.on(connection)
            row.bind(1, PartKey.key(entry.number, number))
            try row.run()
        }
    }

    /// Remembers the calls that later ones may repeat in other traces, once.
    mutating func loadLinks(_ connection: SQLiteConnection) throws(StoreError) {
        try links.load(from: connection)
    }

    /// Writes the calls of a trace that changed, and counts them in `derived`.
    ///
    /// - Parameters:
    ///   - entry: The trace, settled.
    ///   - figures: Of the trace; changed as its calls are.
    ///   - derived: Statistics and zones.
    ///   - connection: With an open transaction.
    /// - Throws: `StoreError`.
    mutating func save(
        _ entry: TraceEntry,
        _ figures: inout TraceFigures,
        _ derived: inout DerivedRows,
        in connection: SQLiteConnection
    ) throws(StoreError) {
        for change in entry.assembly.takeCallChanges() {
            // One at a time: a call has up to 13 strings, each of which a copy would count.
            let call = entry.assembly.call(change)
            let key = PartKey.key(entry.number, call.number)
            let before = call.isNew ? nil : try takeBack(key, &figures, &derived, connection)
            if call.removed {
                let row = try delete.on(connection)
                row.bind(1, key)
                try row.run()
            } else {
                try save(call, key, entry, before, &figures, &derived, connection)
            }
        }
    }

    /// Takes the stored row of a call back from statistics.
    private mutating func takeBack(
        _ key: Int64,
        _ figures: inout TraceFigures,
        _ derived: inout DerivedRows,
        _ connection: SQLiteConnection
    ) throws(StoreError) -> StoredCallRow? {
        let row = try find.on(connection)
        row.bind(1, key)
        defer { row.reset() }
        guard try row.step() else { return nil }
        let stored = StoredCallRow(row)
        guard stored.counts else { return stored }
        figures.count(combo: try derived.count(stored.tally, sign: -1, in: connection), sign: -1)
        return stored
    }

    private mutating func save(
        _ call: AssembledCall,
        _ key: Int64,
        _ entry: TraceEntry,
        _ before: StoredCallRow?,
        _ figures: inout TraceFigures,
        _ derived: inout DerivedRows,
        _ connection: SQLiteConnection
    ) throws(StoreError) {
        let numbers = try CallNumbers(call, names, connection)
        let counts = try stands(call, entry, before, &derived, connection)
        try write(call, key, entry, numbers, counts, connection)
        figures.include(call, numbers)
        let tally = call.tally(of: entry.project, numbers)
        if counts { figures.count(combo: try derived.count(tally, sign: 1, in: connection), sign: 1) }
        try derived.widen(entry.number, with: call, tally, in: connection)
    }

    /// Whether it counts in its trace, and no other trace counts it before.
    private mutating func stands(
        _ call: AssembledCall,
        _ entry: TraceEntry,
        _ before: StoredCallRow?,
        _ derived: inout DerivedRows,
        _ connection: SQLiteConnection
    ) throws(StoreError) -> Bool {
        guard call.isCounted else { return false }
        let place = CallLinks.Place(
            trace: entry.number,
            project: entry.project,
            isSynthesized: call.isSynthesized,
            time: CallTime(start: call.start, end: call.end, isRecord: call.isSynthesized),
            input: call.usage.input,
            output: call.usage.output
        )
        var isFirst = true
        if let hash = call.responseID?.stableHash {
            let standing = try links.note(response: hash, at: place, in: connection)
            isFirst = try settle(standing, hash, place, &derived, connection) && isFirst
        }
        if let hash = call.requestID?.requestHash {
            let standing = try links.note(request: hash, at: place, in: connection)
            isFirst = try settle(standing, hash, place, &derived, connection) && isFirst
        }
        // What outranked it may be forgotten by now.
        if let before, before.isCall, !before.counts, before.responseHash == call.responseID?.stableHash {
            return false
        }
        return isFirst
    }

    /// Takes the call of another trace out of statistics where this one counts in its place; whether this one counts.
    private mutating func settle(
        _ standing: CallLinks.Standing,
        _ hash: Int64,
        _ place: CallLinks.Place,
        _ derived: inout DerivedRows,
        _ connection: SQLiteConnection
    ) throws(StoreError) -> Bool {
        switch standing {
        case .first: return true
        case .outranked: return false
        case .outranks(let trace, let isRecord):
            try derived.uncount(hash, of: trace, in: connection) { place.mayBe($0, isRecord: isRecord) }
            return true
        }
    }

    private mutating func write(
        _ call: AssembledCall,
        _ key: Int64,
        _ entry: TraceEntry,
        _ numbers: CallNumbers,
        _ counts: Bool,
        _ connection: SQLiteConnection
    ) throws(StoreError) {
        let row = try call.isNew ? insert.on(connection) : replace.on(connection)
        row.bind(1, key)
        row.bind(2, entry.project)
        row.bind(3, call.start)
        row.bind(4, call.end - call.start)
        row.bind(5, id: call.spanID)
        row.bind(6, Int(call.role.rawValue))
        row.bind(7, Int(call.status.rawValue))
        row.bind(8, Int(call.scope.rawValue))
        row.bind(9, Int(call.rule.rawValue))
        row.bind(10, numbers.operation)
        row.bind(11, numbers.provider)
        row.bind(12, numbers.model)
        row.bind(13, numbers.requestModel)
        row.bind(14, call.usage.input)
        row.bind(15, call.usage.output)
        row.bind(16, call.usage.cacheRead)
        row.bind(17, call.usage.cacheWrite)
        row.bind(18, call.usage.reasoning)
        row.bind(19, call.cost?.value)
        row.bind(20, call.costReported?.value)
        row.bind(21, call.timeToFirstToken)
        row.bind(22, call.isStreaming.map { $0 ? 1 : 0 })
        row.bind(23, call.errorType)
        row.bind(24, call.responseID?.stableHash)
        row.bind(25, call.session?.stableHash)
        row.bind(26, call.user?.stableHash)
        row.bind(27, call.costComputed?.value)
        row.bind(28, numbers.price)
        row.bind(29, call.requestID?.requestHash)
        row.bind(30, call.labels)
        row.bind(31, numbers.service)
        row.bind(32, call.outcome)
        row.bind(33, counts ? 1 : 0)
        try row.run()
    }

    /// The rows written since are in the file for good.
    mutating func commit() {
        links.commit()
    }

    /// The rows written since are not in the file.
    mutating func rollback() {
        links.rollback()
    }
}

/// The numbers of the names of a call.
struct CallNumbers {
    var operation: Int64?
    var provider: Int64?
    var model: Int64?
    var requestModel: Int64?
    var price: Int64?
    var service: Int64?

    /// Looks the names up, and adds those that are new.
    init(_ call: AssembledCall, _ names: StoredNames, _ connection: SQLiteConnection) throws(StoreError) {
        operation = try names.operation(call.operation, connection)
        provider = try names.provider(call.provider, connection)
        model = try names.model(call.responseModel ?? call.requestModel, connection)
        requestModel = try names.model(call.requestModel, connection)
        price = try names.price(call.price, connection)
        service = try names.service(call.service, connection)
    }
}

extension AssembledCall {
    /// The cost that counts.
    var cost: PicoUSD? { costReported ?? costComputed }

    /// 0 success, 1 error, 2 timeout.
    var outcome: Int64 {
        CallStatus(isFailed: status == .error, errorType: errorType).stored
    }

    /// What it adds to statistics.
    fileprivate func tally(of project: Int64, _ numbers: CallNumbers) -> CallTally {
        CallTally(
            combo: CallCombo(
                project: project,
                service: numbers.service ?? 0,
                provider: numbers.provider ?? 0,
                model: numbers.model ?? 0,
                operation: numbers.operation ?? 0,
                role: Int64(role.rawValue),
                outcome: outcome
            ),
            start: start,
            duration: end - start,
            firstToken: timeToFirstToken,
            figures: CallFigures(
                input: usage.input,
                output: usage.output,
                cacheRead: usage.cacheRead,
                cacheWrite: usage.cacheWrite,
                reasoning: usage.reasoning,
                cost: cost?.value
            )
        )
    }
}

extension TraceFigures {
    /// Adds what a call is found by.
    fileprivate mutating func include(_ call: AssembledCall, _ numbers: CallNumbers) {
        if let error = call.errorType { errors |= Zone.bit(error.stableHash) }
        guard call.scope == .own else { return }
        if let id = numbers.provider { providers |= Zone.bit(id) }
        if let id = numbers.operation { operations |= Zone.bit(id) }
    }
}

extension CallStatus {
    /// As in the column `outcome`.
    var stored: Int64 {
        switch self {
        case .success: 0
        case .error: 1
        case .timeout: 2
        }
    }

    /// Reads the column `outcome`.
    init(stored: Int64) {
        switch stored {
        case 1: self = .error
        case 2: self = .timeout
        default: self = .success
        }
    }
}
