// TraceRemoval.swift - takes traces out of the database, some in each transaction.

import Foundation
import TraceModel
import TraceStore

/// What one transaction removed.
struct RemovalSlice: Sendable {
    /// Of the numbers given, how many from the first one on need nothing more to be asked for.
    var handled = 0
    /// Traces that were there, and are gone now for everybody.
    var traces = 0
    /// Bytes of payloads that went.
    var bytes: Int64 = 0
}

/// A trace that is about to be removed.
private struct DoomedTrace {
    /// More than this is removed in several transactions.
    static let mostParts = 256
    static let mostBytes: Int64 = 4 << 20
    static let mostSpans: Int64 = 5_000

    var number: Int64
    var project: Int64
    var id: TraceID
    var isLarge = false
    var bytes: Int64 = 0
}

extension BatchWriter {
    /// Traces looked at before the time is looked at again.
    private static var chunk: Int { 128 }
    private static var chunkBytes: Int64 { 1 << 20 }

    /// Removes traces in one transaction, as many as the time suffices for; at least one.
    ///
    /// A large one is made invisible and named by `removing`: then `removeMore(until:)` goes on.
    ///
    /// - Parameters:
    ///   - numbers: In rising order; what is not there is passed over.
    ///   - deadline: On the clock of `DispatchTime`.
    ///   - most: Bytes of payloads after which it is enough.
    /// - Returns: What was removed.
    /// - Throws: `StoreError`; nothing is removed then.
    func remove(
        _ numbers: ArraySlice<Int64>,
        until deadline: UInt64,
        bytes most: Int64 = .max
    ) throws(StoreError) -> RemovalSlice {
        var slice = RemovalSlice()
        var gone: [DoomedTrace] = []
        var rest = numbers
        var large: Int64?
        try transaction { () throws(StoreError) in
            while !rest.isEmpty, large == nil {
                let (chunk, count) = try chunk(of: rest, bytes: min(most - slice.bytes, Self.chunkBytes))
                if chunk.first?.isLarge == true {
                    // Alone: it is hidden in a transaction that does little else.
                    guard gone.isEmpty else { break }
                    try hide(chunk[0])
                    large = chunk[0].number
                } else {
                    try removeRows(of: chunk)
                    slice.bytes += chunk.reduce(0) { $0 + $1.bytes }
                }
                gone += chunk
                rest = rest.dropFirst(count)
                if slice.bytes >= most || DispatchTime.now().uptimeNanoseconds >= deadline { break }
            }
            try tell(gone)
        }
        if let large { removing = large }
        for trace in gone { forget(trace.number, trace.id, project: trace.project) }
        slice.handled = numbers.count - rest.count
        slice.traces = gone.count
        return slice
    }

    /// Lets those know who follow changes, once the transaction is committed.
    private func tell(_ gone: [DoomedTrace]) throws(StoreError) {
        guard !gone.isEmpty else { return }
        let names = try projectNames()
        for trace in gone {
            let deleted = DeletedTrace(traceID: trace.id, project: names[trace.project] ?? "")
            changes.append(.deleted(trace.number, deleted))
        }
    }

    /// The next traces that fit into one chunk, and of how many numbers they are; a large one stands alone.
    private func chunk(
        of numbers: ArraySlice<Int64>,
        bytes most: Int64
    ) throws(StoreError) -> (traces: [DoomedTrace], numbers: Int) {
        var chunk: [DoomedTrace] = []
        var count = 0
        var bytes: Int64 = 0
        for number in numbers.prefix(Self.chunk) {
            if count > 0, bytes >= most { break }
            if let trace = try doomed(number) {
                if trace.isLarge {
                    if chunk.isEmpty { return ([trace], count + 1) }
                    break
                }
                chunk.append(trace)
                bytes += trace.bytes
            }
            count += 1
        }
        return (chunk, count)
    }

    private func doomed(_ number: Int64) throws(StoreError) -> DoomedTrace? {
        let search = try connection.statement("SELECT project_id, trace_id, span_count FROM traces WHERE trace_no=?")
        defer { search.reset() }
        search.bind(1, number)
        guard try search.step(), let id = TraceID(bytes: search.blob(1)) else { return nil }
        var trace = DoomedTrace(number: number, project: search.integer(0), id: id)
        let sizes = try connection.statement(
            """
            SELECT count(*), ifnull(sum(n), 0) FROM (
                SELECT length(payload) AS n FROM parts WHERE part_id >= ? AND part_id < ? LIMIT \(DoomedTrace.mostParts + 1)
            )
            """
        )
        defer { sizes.reset() }
        sizes.bind(1, PartKey.first(of: number))
        sizes.bind(2, PartKey.end(of: number))
        guard try sizes.step() else { return trace }
        trace.bytes = sizes.integer(1)
        trace.isLarge =
            sizes.integer(0) > DoomedTrace.mostParts || trace.bytes > DoomedTrace.mostBytes
            || search.integer(2) > DoomedTrace.mostSpans
        return trace
    }

    /// Makes a large trace invisible: from here on nothing finds it, and late spans begin a new trace.
    private func hide(_ trace: DoomedTrace) throws(StoreError) {
        let number = trace.number
        try rows.takeBack(number, in: connection)
        try connection.execute(
            """
            UPDATE traces SET trace_id=x'', start_ns=-1, duration_ns=0, span_count=0, error_count=0, status=0, marks=0,
                missing_parents=0, complete=0, service_id=NULL, model_id=NULL, model_bits=0, calls=0, call_errors=0,
                calls_with_cost=0, tokens_input=NULL, tokens_output=NULL, tokens_cache_read=NULL,
                tokens_cache_write=NULL, tokens_reasoning=NULL, tokens_embedding=NULL, cost=NULL, ttft_ns=NULL, has_llm=0,
                session_hash=NULL, user_hash=NULL, provider_bits=0, operation_bits=0, error_bits=0, shape_id=NULL
            WHERE trace_no=\(number);
            DELETE FROM roots WHERE trace_no=\(number);
            """
        )
        try RemovalMark.write(RemovalMark.key, number, connection)
    }

    // MARK: rows

    /// Removes the rows of small traces, run by run of consecutive numbers.
    private func removeRows(of traces: [DoomedTrace]) throws(StoreError) {
        for trace in traces {
            try rows.takeBack(trace.number, in: connection)
            if trace.bytes > 0 { try addPartBytes(-trace.bytes, of: trace.project) }
        }
        var start = 0
        while start < traces.count {
            var end = start + 1
            while end < traces.count, traces[end].number == traces[end - 1].number + 1 { end += 1 }
            try removeRows(from: traces[start].number, to: traces[end - 1].number)
            start = end
        }
    }

    private func removeRows(from first: Int64, to last: Int64) throws(StoreError) {
        try noteStaleText(of: first)
        try noteStaleText(of: last)
        for table in ["parts", "pending", "attributes"] { try removeKeys(table, "part_id", first, last) }
        for table in ["calls", "prompts"] { try removeKeys(table, "call_id", first, last) }
        for table in ["tool_runs", "roots", "traces"] {
            let delete = try connection.statement("DELETE FROM \(table) WHERE trace_no >= ? AND trace_no <= ?")
            delete.bind(1, first)
            delete.bind(2, last)
            try delete.run()
        }
        try removeLinks(from: first, to: last)
    }

    private func removeKeys(_ table: String, _ key: String, _ first: Int64, _ last: Int64) throws(StoreError) {
        let delete = try connection.statement("DELETE FROM \(table) WHERE \(key) >= ? AND \(key) < ?")
        delete.bind(1, PartKey.first(of: first))
        delete.bind(2, PartKey.end(of: last))
        try delete.run()
    }

    /// Removes links, and has the next trace count where these counted.
    private func removeLinks(from first: Int64, to last: Int64, limit: Int = .max) throws(StoreError) {
        struct Link {
            var trace, hash, project, rank: Int64
        }
        var links: [Link] = []
        let search = try connection.statement(
            "SELECT trace_no, hash, project_id, rank FROM linked_traces WHERE trace_no >= ? AND trace_no <= ? LIMIT ?"
        )
        search.bind(1, first)
        search.bind(2, last)
        search.bind(3, Int64(limit))
        while try search.step() {
            links.append(
                Link(
                    trace: search.integer(0),
                    hash: search.integer(1),
                    project: search.integer(2),
                    rank: search.integer(3)
                )
            )
        }
        search.reset()
        let delete = try connection.statement("DELETE FROM linked_traces WHERE trace_no=? AND hash=?")
        for link in links {
            delete.bind(1, link.trace)
            delete.bind(2, link.hash)
            try delete.run()
        }
        let next = try connection.statement(
            "SELECT trace_no, rank FROM linked_traces WHERE hash=? AND project_id=? ORDER BY rank LIMIT 1"
        )
        for link in links {
            next.bind(1, link.hash)
            next.bind(2, link.project)
            let found = try next.step() ? (trace: next.integer(0), rank: next.integer(1)) : nil
            next.reset()
            guard let found, found.rank > link.rank else { continue }
            try rows.countNext(link.hash, of: found.trace, in: connection)
        }
    }
}

// MARK: large traces

extension BatchWriter {
    private static var rowsAtOnce: Int { 2_000 }
    private static var partsAtOnce: Int { 64 }

    /// Goes on with the trace that `removing` names, in one transaction.
    ///
    /// - Returns: The bytes of payloads that went.
    /// - Throws: `StoreError`; nothing is removed then.
    func removeMore(until deadline: UInt64) throws(StoreError) -> Int64 {
        guard let number = removing else { return 0 }
        var bytes: Int64 = 0
        var isOver = false
        try transaction { () throws(StoreError) in
            repeat {
                let (removed, isLast) = try removeSome(of: number)
                bytes += removed
                isOver = isLast
            } while !isOver && DispatchTime.now().uptimeNanoseconds < deadline
        }
        if isOver { removing = nil }
        return bytes
    }

    /// Removes some rows of a hidden trace, payloads last.
    private func removeSome(of number: Int64) throws(StoreError) -> (bytes: Int64, isLast: Bool) {
        for (table, key) in [
            ("calls", "call_id"), ("prompts", "call_id"), ("pending", "part_id"), ("attributes", "part_id"),
        ] {
            if try removeSomeKeys(table, key, of: number) { return (0, false) }
        }
        if try connection.hasRow("SELECT 1 FROM linked_traces WHERE trace_no=?", number) {
            try removeLinks(from: number, to: number, limit: 500)
            return (0, false)
        }
        if try connection.hasRow("SELECT 1 FROM tool_runs WHERE trace_no=?", number) {
            let delete = try connection.statement(
                """
                DELETE FROM tool_runs WHERE trace_no=?1 AND span_id IN
                    (SELECT span_id FROM tool_runs WHERE trace_no=?1 LIMIT \(Self.rowsAtOnce))
                """
            )
            delete.bind(1, number)
            try delete.run()
            return (0, false)
        }
        if let bytes = try removeSomeParts(of: number) { return (bytes, false) }
        let delete = try connection.statement("DELETE FROM traces WHERE trace_no=?")
        delete.bind(1, number)
        try delete.run()
        try RemovalMark.write(RemovalMark.key, nil, connection)
        try noteStaleText(of: number)
        return (0, true)
    }

    /// Removes the first rows of a trace in a table; false when there are none.
    private func removeSomeKeys(_ table: String, _ key: String, of number: Int64) throws(StoreError) -> Bool {
        guard
            let last = try connection.lastKey(
                "SELECT \(key) FROM \(table) WHERE \(key) >= ? AND \(key) < ? ORDER BY \(key) LIMIT \(Self.rowsAtOnce)",
                PartKey.first(of: number),
                PartKey.end(of: number)
            )
        else { return false }
        let delete = try connection.statement("DELETE FROM \(table) WHERE \(key) >= ? AND \(key) <= ?")
        delete.bind(1, PartKey.first(of: number))
        delete.bind(2, last)
        try delete.run()
        return true
    }

    /// Removes the first parts of a trace; nil when there are none.
    private func removeSomeParts(of number: Int64) throws(StoreError) -> Int64? {
        let search = try connection.statement(
            """
            SELECT part_id, length(payload) FROM parts WHERE part_id >= ? AND part_id < ?
            ORDER BY part_id LIMIT \(Self.partsAtOnce)
            """
        )
        search.bind(1, PartKey.first(of: number))
        search.bind(2, PartKey.end(of: number))
        var last: Int64?
        var bytes: Int64 = 0
        while bytes < Self.chunkBytes, try search.step() {
            last = search.integer(0)
            bytes += search.integer(1)
        }
        search.reset()
        guard let last else { return nil }
        let delete = try connection.statement("DELETE FROM parts WHERE part_id >= ? AND part_id <= ?")
        delete.bind(1, PartKey.first(of: number))
        delete.bind(2, last)
        try delete.run()
        let project = try connection.statement("SELECT project_id FROM traces WHERE trace_no=?")
        defer { project.reset() }
        project.bind(1, number)
        if try project.step() { try addPartBytes(-bytes, of: project.integer(0)) }
        return bytes
    }

    /// Changes the bytes of payloads that a project has.
    func addPartBytes(_ bytes: Int64, of project: Int64) throws(StoreError) {
        let update = try connection.statement(
            "UPDATE projects SET part_bytes = max(0, part_bytes + ?) WHERE project_id=?"
        )
        update.bind(1, bytes)
        update.bind(2, project)
        try update.run()
    }
}

extension SQLiteConnection {
    /// Whether a statement with one parameter finds anything.
    func hasRow(_ sql: String, _ value: Int64) throws(StoreError) -> Bool {
        let search = try statement(sql)
        defer { search.reset() }
        search.bind(1, value)
        return try search.step()
    }

    /// The key in the last row that a statement with two bounds finds.
    func lastKey(_ sql: String, _ from: Int64, _ end: Int64) throws(StoreError) -> Int64? {
        let search = try statement(sql)
        defer { search.reset() }
        search.bind(1, from)
        search.bind(2, end)
        var last: Int64?
        while try search.step() { last = search.integer(0) }
        return last
    }
}
