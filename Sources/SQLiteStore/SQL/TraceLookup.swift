// TraceLookup.swift - trace id -> trace number, beside the program that writes.

import TraceModel
import TraceStore

/// Finds traces by id in a file that another program may write to.
///
/// Has the same index as the writer: what is not full is read into memory at the first question, and what came since
/// then at each later one.
final class TraceLookup {
    private let directory: TraceDirectory
    /// The greatest number that is known; nil before the first question.
    private var newest: Int64?

    init(bucketSize: Int64) {
        directory = TraceDirectory(bucketSize: bucketSize)
    }

    /// The numbers that a trace id may have, one for each project; what they stand for may be gone.
    func numbers(of id: TraceID, on connection: SQLiteConnection) throws(StoreError) -> Set<Int64> {
        try refresh(connection)
        let candidates = directory.candidates(for: id)
        var buckets = candidates.buckets
        for (group, row) in candidates.groups {
            let bits = try connection.statement(FilterGroup.rowSQL)
            defer { bits.reset() }
            bits.bind(1, row)
            if try bits.step() { buckets += FilterGroup.buckets(of: group, mayContaining: id, row: bits.blob(0)) }
        }
        var numbers = Set(candidates.locations.map(\.number))
        for bucket in buckets {
            let rows = try connection.statement("SELECT trace_no FROM trace_index WHERE bucket=? AND trace_id=?")
            defer { rows.reset() }
            rows.bind(1, bucket)
            rows.bind(2, id: id)
            while try rows.step() { numbers.insert(rows.integer(0)) }
        }
        return numbers
    }

    private func refresh(_ connection: SQLiteConnection) throws(StoreError) {
        guard let known = newest else {
            try directory.load(from: connection)
            newest = try connection.integer("SELECT max(trace_no) FROM traces") ?? 0
            return
        }
        let rows = try connection.statement("SELECT trace_no, project_id, trace_id FROM traces WHERE trace_no > ?")
        defer { rows.reset() }
        rows.bind(1, known)
        while try rows.step() {
            newest = rows.integer(0)
            guard let id = TraceID(bytes: rows.blob(2)) else { continue }
            directory.insert(id, project: rows.integer(1), number: rows.integer(0))
        }
    }
}
