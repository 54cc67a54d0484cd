// PendingParts.swift - reads the parts that are still to be looked through.

import Foundation
import GRDBSQLite
import TraceModel
import TraceStore

/// A part as it was read, with its bytes.
struct PendingPart {
    var key: Int64
    /// Whether everything but its texts is known.
    var wantsOnlyTexts = false
    /// Nil when the part is gone.
    var row: Row?

    struct Row {
        var kind: Int64
        var spanIDs: [UInt8]
        var runs: [UInt8]
        var encoding: Int64
        var dictionary: Int64?
        var plainLength: Int
        var payload: [UInt8]
        /// The frame that its bytes lie in, with the key of the part that has it; nil where it has its own.
        var frame: (key: Int64, frame: StoredFrame)?
    }
}

/// Reads on a connection of its own, in transactions that end before anything is decoded.
final class PendingParts {
    /// Bytes of parts before compression that are read at a time, unless one part is larger.
    private static let maxBytes = 2 << 20

    private let connection: SQLiteConnection
    private let decoder: PartDecoder
    /// Of the parts that were read together.
    private let frames = FrameCache()
    private var calls = KnownCalls()
    private let next: SQLiteStatement
    private let identity: SQLiteStatement

    /// Opens the connection.
    ///
    /// - Throws: `StoreError` when it cannot be opened.
    init(path: String, decoder: PartDecoder) throws(StoreError) {
        connection = try SQLiteConnection(path: path)
        try connection.execute("PRAGMA query_only=ON; PRAGMA cache_size=-4096")
        self.decoder = decoder
        next = try SQLiteStatement(
            connection,
            """
            SELECT d.part_id, p.kind, p.span_ids, p.runs, p.encoding, p.dictionary_id, p.plain_length, p.payload, a.part_id
            FROM pending d LEFT JOIN parts p USING(part_id) LEFT JOIN attributes a USING(part_id) ORDER BY d.part_id LIMIT ?
            """
        )
        identity = try SQLiteStatement(connection, "SELECT trace_id, project_id FROM traces WHERE trace_no=?")
    }

    /// The first parts in the order of their keys.
    func first(limit: Int) throws(StoreError) -> [PendingPart] {
        var parts: [PendingPart] = []
        var bytes = 0
        var frame: (key: Int64, frame: StoredFrame)?
        frames.forget()
        next.bind(1, limit)
        defer { next.reset() }
        while bytes < Self.maxBytes, try next.step() {
            var part = PendingPart(key: next.integer(0))
            if !next.isNull(1) {
                var row = PendingPart.Row(
                    kind: next.integer(1),
                    spanIDs: [UInt8](next.blob(2)),
                    runs: [UInt8](next.blob(3)),
                    encoding: next.integer(4),
                    dictionary: next.isNull(5) ? nil : next.integer(5),
                    plainLength: Int(next.integer(6)),
                    payload: [UInt8](next.blob(7))
                )
                bytes += row.plainLength
                // In the same transaction: later the part may have another.
                row.frame = try self.frame(of: part.key, row, after: &frame)
                part.row = row
                part.wantsOnlyTexts = !next.isNull(8)
            }
            parts.append(part)
        }
        return parts
    }

    /// The frame that a part shares, read at most once for parts in a row.
    private func frame(
        of key: Int64,
        _ row: PendingPart.Row,
        after last: inout (key: Int64, frame: StoredFrame)?
    ) throws(StoreError) -> (key: Int64, frame: StoredFrame)? {
        guard row.encoding == PartEncoding.shared.rawValue,
            let place = row.payload.withUnsafeBytes({ FramePlace(decoding: $0) })
        else { return nil }
        let leader = PartKey.key(key >> 24, place.part)
        if let last, last.key == leader { return last }
        // A part whose frame is missing is damaged, which is found when it is decoded.
        let found = try StoredFrame.read(leader, connection)
        last = found.map { (leader, $0) }
        return last
    }

    /// The number of a trace's project and its id; nil when the trace is gone.
    func trace(_ number: Int64) throws(StoreError) -> (id: TraceID, project: Int64)? {
        identity.bind(1, number)
        defer { identity.reset() }
        guard try identity.step() else { return nil }
        let bytes = [UInt8](identity.blob(0))
        return TraceID(bytes: bytes).map { ($0, identity.integer(1)) }
    }

    /// The spans or log records of a part.
    ///
    /// - Throws: `StoreError` when the part is damaged.
    func batch(of key: Int64, _ row: PendingPart.Row, trace: TraceID) throws -> SpanBatch {
        try row.spanIDs.withUnsafeBytes { ids in
            try row.runs.withUnsafeBytes { runs in
                try row.payload.withUnsafeBytes { payload in
                    let part = StoredPart(
                        key: key,
                        spanIDs: ids,
                        runs: runs,
                        encoding: row.encoding,
                        dictionary: row.dictionary,
                        plainLength: row.plainLength,
                        payload: payload
                    )
                    let references = ConnectionReferences(connection: connection, frames: frames, known: row.frame)
                    var batch = try decoder.batch(of: part, trace: trace, project: "", references)
                    if row.kind == PartKind.logRecords.rawValue { batch.kind = .logRecords }
                    return batch
                }
            }
        }
    }

    /// The calls of a trace by their spans.
    func callIDs(of trace: Int64) throws(StoreError) -> [SpanID: Int64] {
        try calls.of(trace, in: connection)
    }

    /// Forgets the calls that were read: they may have changed.
    func forgetCalls() {
        calls.forget()
    }

    /// Lets go of what was read.
    func rest() {
        calls = KnownCalls()
        frames.forget()
        sqlite3_db_release_memory(connection.handle)
    }

    /// Lets go of the statements that hold the connection.
    func close() {
        connection.forgetStatements()
    }
}

/// The calls of the trace at hand, by their spans.
///
/// Of a trace with a great many calls only the new ones are read again for the next slice.
private struct KnownCalls {
    private var trace: Int64 = 0
    private var last: Int64 = 0
    private var calls: [SpanID: Int64] = [:]
    private var isFresh = false
    private static let many = 1024

    mutating func of(_ trace: Int64, in connection: SQLiteConnection) throws(StoreError) -> [SpanID: Int64] {
        if trace != self.trace || (!isFresh && calls.count < Self.many) {
            self.trace = trace
            last = PartKey.first(of: trace) - 1
            calls.removeAll(keepingCapacity: calls.count < Self.many)
            isFresh = false
        }
        guard !isFresh else { return calls }
        let search = try connection.statement("SELECT call_id, span_id FROM calls WHERE call_id > ? AND call_id < ?")
        search.bind(1, last)
        search.bind(2, PartKey.end(of: trace))
        defer { search.reset() }
        while try search.step() {
            last = search.integer(0)
            let id = search.blob(1)
            guard id.count == 8 else { continue }
            calls[SpanID(UInt64(bigEndian: id.loadUnaligned(as: UInt64.self)))] = last
        }
        isFresh = true
        return calls
    }

    mutating func forget() {
        isFresh = false
    }
}
