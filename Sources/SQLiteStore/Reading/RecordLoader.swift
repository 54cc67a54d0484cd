// RecordLoader.swift - the log records that are kept with spans.

import Foundation
import GRDB
import TraceModel
import TraceStore

/// Reads the parts of a trace that hold log records.
///
/// Blocking: call it where blocking is fine.
struct RecordLoader: Sendable {
    let loader: TraceLoader

    /// Parts looked at, and bytes before compression, in one transaction.
    private static let slice = 512
    private static let sliceBytes = 8 << 20

    /// Loads the records of some spans.
    ///
    /// - Parameters:
    ///   - outlines: The spans, not empty.
    ///   - number: The trace.
    ///   - maxBytes: See `TraceReader`.
    ///   - isCancelled: Asked between two slices.
    /// - Returns: Nil when the trace has no records.
    /// - Throws: `CancellationError`, `StoreError`, or what SQLite says.
    func load(
        _ outlines: ArraySlice<SpanOutline>,
        of number: Int64,
        maxBytes: Int,
        isCancelled: () -> Bool
    ) throws -> StoredRecords? {
        var collection = RecordCollection(outlines.map(\.spanID), maxBytes: maxBytes)
        var next = PartKey.first(of: number)
        var isAny = false
        while !isCancelled() {
            let (from, wanted) = (next, collection)
            let found = try loader.pool.read { db in try parts(db, from: from, of: number, wanted) }
            for batch in found.batches { collection.add(batch) }
            isAny = isAny || found.last != nil
            guard let last = found.last else { break }
            next = last + 1
        }
        guard !isCancelled() else { throw CancellationError() }
        return isAny ? collection.stored : nil
    }

    /// What some parts hold of the records that are wanted.
    private struct Found {
        var batches: [SpanBatch] = []
        /// The key of the last part that was looked at; nil when there was none.
        var last: Int64?
    }

    private func parts(_ db: Database, from: Int64, of number: Int64, _ wanted: RecordCollection) throws -> Found {
        var found = Found()
        guard let identity = try TraceIdentity.fetch(db, number) else { return found }
        let statement = try db.cachedStatement(
            sql: """
                SELECT \(StoredPart.columns) FROM parts INDEXED BY parts_of_logs
                WHERE part_id >= ? AND part_id < ? AND kind = 1 ORDER BY part_id LIMIT ?
                """
        )
        let rows = try Row.fetchCursor(statement, arguments: [from, PartKey.end(of: number), Self.slice])
        let references = ReaderReferences(db: db)
        var bytes = 0
        while bytes < Self.sliceBytes, let row = try rows.next() {
            found.last = row[0]
            // Looked at before the payload is read and unpacked.
            guard try row.withUnsafeData(atIndex: 1, { wanted.wantsAny(of: $0 ?? Data()) }) else { continue }
            bytes += row[5] as Int
            try row.withStoredPart { part in
                found.batches.append(
                    try loader.decoder.batch(
                        of: part,
                        trace: identity.id,
                        project: identity.projectName,
                        references
                    )
                )
            }
        }
        return found
    }
}

/// Records on their way to an answer: of as many spans, from the first one on, as have room.
struct RecordCollection {
    /// What the records of a single span may have, in times of the bytes for several.
    static let sizeOfOne = 16
    /// What a record takes besides its bytes, about.
    private static let overhead = 64

    private let spans: [SpanID]
    private let places: [SpanID: Int]
    private let maxBytes: Int
    private var covered: Int
    private var records: [SpanID: [[UInt8]]] = [:]
    /// The same arrays once more, which share their memory.
    private var seen: [SpanID: Set<[UInt8]>] = [:]
    private var bytes = 0

    /// Starts without records.
    init(_ spans: [SpanID], maxBytes: Int) {
        self.spans = spans
        self.maxBytes = maxBytes
        places = Dictionary(zip(spans, spans.indices)) { first, _ in first }
        covered = spans.count
    }

    /// What was collected.
    var stored: StoredRecords {
        StoredRecords(covered: covered, records: records)
    }

    /// Whether any of the span ids of a part, eight bytes each, is one whose records are wanted.
    func wantsAny(of ids: Data) -> Bool {
        ids.withUnsafeBytes { ids in
            stride(from: 0, to: ids.count - ids.count % 8, by: 8).contains { offset in
                wants(SpanID(UInt64(bigEndian: ids.loadUnaligned(fromByteOffset: offset, as: UInt64.self))))
            }
        }
    }

    /// Takes in what is wanted of a part.
    mutating func add(_ batch: SpanBatch) {
        for slice in batch.spans where wants(slice.spanID) {
            let record = Array(batch.bytes(of: slice))
            guard seen[slice.spanID, default: []].insert(record).inserted else { continue }
            let size = record.count + Self.overhead
            makeRoom(for: size, of: slice.spanID)
            guard wants(slice.spanID), bytes + size <= limit else { continue }
            records[slice.spanID, default: []].append(record)
            bytes += size
        }
    }

    private func wants(_ span: SpanID) -> Bool {
        places[span].map { $0 < covered } ?? false
    }

    private var limit: Int { covered > 1 ? maxBytes : maxBytes * Self.sizeOfOne }

    /// Gives up the last spans until there is room for a record, its span is given up itself, or one is left.
    private mutating func makeRoom(for size: Int, of span: SpanID) {
        while covered > 1, wants(span), bytes + size > maxBytes {
            covered -= 1
            seen[spans[covered]] = nil
            for record in records.removeValue(forKey: spans[covered]) ?? [] { bytes -= record.count + Self.overhead }
        }
    }
}
