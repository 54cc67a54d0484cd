// CallLinks.swift - one call that several traces show.

import TraceAssembly
import TraceModel
import TraceStore

/// Finds calls that another trace has too: two instrumentations without common context, or a log record beside a span.
///
/// Spans are the same call by the id of the response; the id of a request tells it of a log record and a span, since
/// applications give one id of their own to many calls. Some providers give few ids, and caches give the same one with
/// each answer: two calls are one only when their times meet and their tokens do not both differ. Remembers the newest
/// ids, 131,072 to 262,144 of them, of which each trace is linked to the first. Belongs to the writer's thread.
struct CallLinks {
    /// Where a call is, and what it is compared by.
    struct Place {
        var trace: Int64
        var project: Int64
        /// Whether its span was made of a log record.
        var isSynthesized: Bool
        var time: CallTime
        var input: Int64?
        var output: Int64?

        /// The number of the trace, negative where the call was made of a log record.
        fileprivate var signed: Int64 { isSynthesized ? -trace : trace }

        /// Whether a call of the same id in another trace may be this one.
        ///
        /// - Parameters:
        ///   - call: Its times and tokens.
        ///   - isRecord: Whether it was made of a log record.
        /// - Returns: Whether they are near each other, and their tokens do not both differ.
        func mayBe(_ call: CallTally, isRecord: Bool) -> Bool {
            let (end, isPast) = call.start.addingReportingOverflow(call.duration)
            let other = CallTime(start: call.start, end: isPast ? .max : end, isRecord: isRecord)
            return time.isNear(other)
                && !(Self.differ(call.figures.input, input) && Self.differ(call.figures.output, output))
        }

        private static func differ(_ left: Int64?, _ right: Int64?) -> Bool {
            guard let left, let right else { return false }
            return left != right
        }
    }

    /// Ids in one generation.
    private static let size = 131_072
    /// Calls of the other trace among which that with the id is looked for; behind them it is taken for the same.
    private static let mostCompared: Int64 = 256

    /// From keys to trace numbers, newer and older; negative where the call was made of a log record.
    private var young = LinkMap()
    private var old = LinkMap()
    /// Of the open transaction, with what was there before.
    private var fresh: [(key: Int64, former: Int64?)] = []
    /// Whether `fresh` does not tell what was there before the transaction.
    private var isBeyondUndo = false
    /// Whether those of the file are remembered.
    private var isLoaded = false

    /// The key of an id's hash in a project.
    private static func key(_ hash: Int64, project: Int64) -> Int64 {
        hash &+ project &* 0x1E37_79B9_7F4A_7C15
    }

    /// What is added to the number of a trace whose call was made of a log record, so that a span's counts before it.
    private static let rankOfRecords: Int64 = 1 << 40

    /// What became of a call that counts in its trace.
    enum Standing: Equatable {
        /// Statistics count it.
        case first
        /// Statistics count that of another trace.
        case outranked
        /// Statistics count it, in place of that of another trace, which may have been made of a log record.
        case outranks(trace: Int64, isRecord: Bool)
    }

    /// Takes note of a call that counts in its trace, and links the trace to the first one that has the call.
    mutating func note(
        response hash: Int64,
        at place: Place,
        in connection: SQLiteConnection
    ) throws(StoreError) -> Standing {
        let key = Self.key(hash, project: place.project)
        guard let first = young[key] ?? old[key],
            try isSame(first, place, "response_hash", hash, connection)
        else { return remember(key, place) }
        return try link(first, place, hash, key, connection)
    }

    /// The same by the id of a request, which links a log record and a span only.
    mutating func note(
        request hash: Int64,
        at place: Place,
        in connection: SQLiteConnection
    ) throws(StoreError) -> Standing {
        let key = Self.key(hash, project: place.project)
        guard let first = young[key] ?? old[key],
            try isSame(first, place, "request_hash", hash, connection)
        else { return remember(key, place) }
        guard (first < 0) != place.isSynthesized else { return .first }
        return try link(first, place, hash, key, connection)
    }

    /// Whether a trace is still stored, or of the open transaction; one that was deleted is no first one.
    private func isThere(_ signed: Int64, _ connection: SQLiteConnection) throws(StoreError) -> Bool {
        let search = try connection.statement("SELECT length(trace_id) FROM traces WHERE trace_no=?")
        defer { search.reset() }
        search.bind(1, abs(signed))
        return try search.step() && search.integer(0) > 0
    }

    /// Whether the call of an id in another trace may be the one at hand.
    private func isSame(
        _ first: Int64,
        _ place: Place,
        _ column: String,
        _ hash: Int64,
        _ connection: SQLiteConnection
    ) throws(StoreError) -> Bool {
        guard try isThere(first, connection) else { return false }
        guard abs(first) != place.trace else { return true }
        let (from, to) = (PartKey.first(of: abs(first)), PartKey.end(of: abs(first)))
        let compared = "call_id IN (SELECT call_id FROM calls WHERE call_id >= ? AND call_id < ? LIMIT ?)"
        let search = try connection.statement(
            StoredCallRow.sql(where: "\(compared) AND \(column) = ? AND counted = 0")
        )
        defer { search.reset() }
        search.bind(1, from)
        search.bind(2, to)
        search.bind(3, Self.mostCompared)
        search.bind(4, hash)
        var isFound = false
        while try search.step() {
            isFound = true
            if place.mayBe(StoredCallRow(search).tally, isRecord: first < 0) { return true }
        }
        guard !isFound else { return false }
        let count = try connection.statement(
            "SELECT count(*) FROM (SELECT 1 FROM calls WHERE call_id >= ? AND call_id < ? LIMIT ?)"
        )
        defer { count.reset() }
        count.bind(1, from)
        count.bind(2, to)
        count.bind(3, Self.mostCompared)
        return try count.step() && count.integer(0) == Self.mostCompared
    }

    private mutating func remember(_ key: Int64, _ place: Place) -> Standing {
        if young.count >= Self.size {
            old = young
            young = LinkMap()
            isBeyondUndo = true
        }
        if isBeyondUndo {
            fresh.removeAll()
        } else {
            fresh.append((key, young[key]))
        }
        young[key] = place.signed
        return .first
    }

    /// The least one is the call that counts.
    private static func rank(_ signed: Int64) -> Int64 {
        signed < 0 ? rankOfRecords - signed : signed
    }

    private mutating func link(
        _ first: Int64,
        _ place: Place,
        _ hash: Int64,
        _ key: Int64,
        _ connection: SQLiteConnection
    ) throws(StoreError) -> Standing {
        guard abs(first) != place.trace else { return .first }
        let insert = try connection.statement(
            "INSERT OR IGNORE INTO linked_traces(trace_no, hash, project_id, rank) VALUES(?, ?, ?, ?)"
        )
        for signed in [first, place.signed] {
            insert.bind(1, abs(signed))
            insert.bind(2, hash)
            insert.bind(3, place.project)
            insert.bind(4, Self.rank(signed))
            try insert.run()
        }
        guard Self.rank(place.signed) < Self.rank(first) else { return .outranked }
        _ = remember(key, place)
        return .outranks(trace: abs(first), isRecord: first < 0)
    }

    /// Remembers the newest calls of the file, once.
    mutating func load(from connection: SQLiteConnection) throws(StoreError) {
        guard !isLoaded else { return }
        let rows = try SQLiteStatement(
            connection,
            """
            SELECT c.response_hash, c.request_hash, c.project_id, c.call_id >> 24, t.marks FROM calls c
            JOIN traces t ON t.trace_no = c.call_id >> 24
            WHERE c.counted=0 AND (c.response_hash IS NOT NULL OR c.request_hash IS NOT NULL)
            ORDER BY c.call_id DESC LIMIT ?
            """
        )
        rows.bind(1, Self.size)
        while try rows.step() {
            let isSynthesized = rows.integer(4) & Int64(SpanMarks.synthesized.rawValue) != 0
            let number = isSynthesized ? -rows.integer(3) : rows.integer(3)
            // From new to old: the last one that is written is the first one that came.
            for column in [0, 1] as [Int32] where !rows.isNull(column) {
                old[Self.key(rows.integer(column), project: rows.integer(2))] = number
            }
        }
        isLoaded = true
    }

    /// The calls noted since are in the file for good.
    mutating func commit() {
        fresh.removeAll(keepingCapacity: true)
        isBeyondUndo = false
    }

    /// The calls noted since are not in the file.
    mutating func rollback() {
        if isBeyondUndo {
            // Those of the file are read again.
            (young, old) = (LinkMap(), LinkMap())
            isLoaded = false
        } else {
            for (key, former) in fresh.reversed() { young[key] = former }
        }
        fresh.removeAll()
        isBeyondUndo = false
    }
}

extension String {
    /// The hash of a request's id, which never equals that of a response with the same id.
    var requestHash: Int64 { stableHash ^ 0x5245_5155_4553_5453 }
}

extension AssembledCall {
    /// The hashes by which its call may be in other traces.
    var linkHashes: [Int64] {
        [responseID?.stableHash, requestID?.requestHash].compactMap { $0 }
    }
}
