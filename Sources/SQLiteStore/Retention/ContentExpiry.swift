// ContentExpiry.swift - parts without content take the place of those that are stored.

import Foundation
import TraceModel
import TraceStore

extension BatchWriter {
    /// Tells the time, and who takes content out of spans; nil when content never expires.
    func prepareRetention(now: @escaping @Sendable () -> Int64, _ expiry: ContentStripper?) {
        rows.now = now
        lateContent = expiry.map {
            LateContent(removal: $0.removal, extraction: $0.loader.extraction, encoder: $0.encoder)
        }
    }

    /// Has the log cut to about what starts a checkpoint, each time that it starts again.
    func limitLog(pages: Int32) throws(StoreError) {
        guard pages < Checkpointer.threshold else { return }
        try connection.execute("PRAGMA journal_size_limit=\(Int64(pages) * DiskUse.pageBytes)")
    }

    /// Writes what was made of a trace, in one transaction.
    ///
    /// - Returns: Whether it was written; not when the trace has changed since it was read, or is gone.
    /// - Throws: `StoreError`; nothing is changed then.
    func expire(_ stripped: StrippedTrace) throws(StoreError) -> Bool {
        let number = stripped.place.number
        guard let identity = try identity(of: number) else {
            if expiring == number { try endExpiry() }
            return false
        }
        if stripped.isFirst {
            guard identity.content != .expired, try partCount(of: number) == stripped.partCount else { return false }
        } else if expiring != number {
            return false
        }
        try transaction { () throws(StoreError) in
            if stripped.isFirst { try beginExpiry(of: number, project: identity.project, isWhole: stripped.isLast) }
            for part in stripped.parts { try replace(part, project: identity.project) }
            if let root = stripped.root { try rows.replaceDisplay(root, of: number, in: connection) }
            if stripped.isLast {
                try setContent(.expired, of: number)
                try noteStaleText(of: number)
                changes.append(.changed(number))
                try RemovalMark.write(RemovalMark.expiringKey, nil, connection)
            }
        }
        expiring = stripped.isLast ? nil : number
        // What is in memory speaks of spans as they were.
        forget(number)
        versions.forget()
        return true
    }

    private func beginExpiry(of number: Int64, project: Int64, isWhole: Bool) throws(StoreError) {
        try removeRecords(of: number, project: project)
        guard !isWhole else { return }
        try setContent(.expiring, of: number)
        try RemovalMark.write(RemovalMark.expiringKey, number, connection)
    }

    /// The trace went before it was finished.
    func endExpiry() throws(StoreError) {
        try transaction { () throws(StoreError) in try RemovalMark.write(RemovalMark.expiringKey, nil, connection) }
        expiring = nil
    }

    private func setContent(_ content: StoredContent, of number: Int64) throws(StoreError) {
        let update = try connection.statement("UPDATE traces SET content=? WHERE trace_no=?")
        update.bind(1, content.rawValue)
        update.bind(2, number)
        try update.run()
    }

    /// Log records are content as a whole.
    private func removeRecords(of number: Int64, project: Int64) throws(StoreError) {
        let range = "WHERE part_id >= ? AND part_id < ? AND kind = 1"
        let sizes = try connection.statement(
            "SELECT ifnull(sum(length(payload)), 0) FROM parts INDEXED BY parts_of_logs \(range)"
        )
        sizes.bind(1, PartKey.first(of: number))
        sizes.bind(2, PartKey.end(of: number))
        let bytes = try sizes.step() ? sizes.integer(0) : 0
        sizes.reset()
        guard bytes > 0 else { return }
        let waiting = try connection.statement(
            "DELETE FROM pending WHERE part_id IN (SELECT part_id FROM parts INDEXED BY parts_of_logs \(range))"
        )
        waiting.bind(1, PartKey.first(of: number))
        waiting.bind(2, PartKey.end(of: number))
        try waiting.run()
        let delete = try connection.statement("DELETE FROM parts INDEXED BY parts_of_logs \(range)")
        delete.bind(1, PartKey.first(of: number))
        delete.bind(2, PartKey.end(of: number))
        try delete.run()
        try addPartBytes(-bytes, of: project)
    }

    private func replace(_ stripped: StrippedPart, project: Int64) throws(StoreError) {
        let size = try connection.statement("SELECT length(payload) FROM parts WHERE part_id=?")
        size.bind(1, stripped.key)
        let before = try size.step() ? size.integer(0) : 0
        size.reset()
        try addPartBytes(Int64(stripped.part?.payload.count ?? 0) - before, of: project)
        try analyseAgain(stripped.key, isThere: stripped.part != nil)
        guard let part = stripped.part else {
            let delete = try connection.statement("DELETE FROM parts WHERE part_id=?")
            delete.bind(1, stripped.key)
            return try delete.run()
        }
        let update = try connection.statement(
            """
            UPDATE parts SET span_count=?, span_ids=?, runs=?, encoding=?, dictionary_id=?, plain_length=?, payload=?
            WHERE part_id=?
            """
        )
        update.bind(1, part.spans.count)
        update.bind(2, blob: part.spanIDs)
        update.bind(3, blob: try storedRuns(of: part, in: stripped.batch).encoded)
        update.bind(4, part.encoding.rawValue)
        update.bind(5, part.dictionary)
        update.bind(6, part.plainLength)
        update.bind(8, stripped.key)
        try update.run(7, borrowing: part.payload)
    }

    /// What spans can be found by changes with them.
    private func analyseAgain(_ key: Int64, isThere: Bool) throws(StoreError) {
        let pend = isThere ? "INSERT OR IGNORE INTO pending(part_id) VALUES(?)" : "DELETE FROM pending WHERE part_id=?"
        for sql in ["DELETE FROM attributes WHERE part_id=?", pend] {
            let change = try connection.statement(sql)
            change.bind(1, key)
            try change.run()
        }
    }
}
