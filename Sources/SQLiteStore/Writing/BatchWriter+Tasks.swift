// BatchWriter+Tasks.swift - small things that are written beside spans.

import CAllocatorSetup
import CSQLiteSetup
import GRDBSQLite
import TraceAssembly
import TraceModel
import TraceStore

extension BatchWriter {
    /// Stores a trained dictionary and gives its number.
    ///
    /// - Throws: `StoreError`; nothing is stored then.
    func addDictionary(_ bytes: [UInt8], project: String) throws(StoreError) -> Int64 {
        try transaction { () throws(StoreError) in
            try DatabaseSetup.addDictionary(connection, bytes, project: project)
        }
    }

    /// Reads or changes the keys.
    ///
    /// - Throws: `StoreError`; nothing is changed then.
    func run(_ task: KeyTask) throws(StoreError) -> [AccessKey] {
        try transaction { () throws(StoreError) in try task.run(on: connection) }
    }

    /// Writes something small, to see whether writing works.
    func probe() throws(StoreError) {
        try transaction { () throws(StoreError) in
            try connection.execute("INSERT OR REPLACE INTO meta(key, value) VALUES('probed_at', unixepoch())")
        }
    }

    /// Lets go of what is only there to be faster: late spans read their trace again.
    ///
    /// Only between transactions.
    func rest() {
        cache.shrink(to: Self.restingCacheBytes)
        rows.rest()
        resources.rest()
        scopes.rest()
        versions.forget()
        sqlite3_db_release_memory(connection.handle)
        skein_sqlite_release_memory()
        skein_allocator_trim_thread()
    }

    /// Bytes of state that stay: a trace that somebody is making right now has pauses too.
    private static let restingCacheBytes = 256 << 10

    /// The parts that a trace has.
    func partCount(of number: Int64) throws(StoreError) -> Int64 {
        let search = try connection.statement("SELECT max(part_id) FROM parts WHERE part_id >= ? AND part_id < ?")
        defer { search.reset() }
        search.bind(1, PartKey.first(of: number))
        search.bind(2, PartKey.end(of: number))
        guard try search.step(), !search.isNull(0) else { return 0 }
        return Int64(PartKey.number(search.integer(0))) + 1
    }

    /// The identity of a stored trace; nil when it is gone.
    func identity(of number: Int64) throws(StoreError) -> (id: TraceID, project: Int64, content: StoredContent)? {
        let search = try connection.statement("SELECT trace_id, project_id, content FROM traces WHERE trace_no=?")
        defer { search.reset() }
        search.bind(1, number)
        guard try search.step(), let id = TraceID(bytes: search.blob(0)) else { return nil }
        return (id, search.integer(1), StoredContent(rawValue: search.integer(2)) ?? .kept)
    }

    /// Puts the prices of now in the place of those that a trace was stored with.
    ///
    /// - Parameter loaded: The trace as it was read, with the prices of now.
    /// - Returns: How many calls changed; nil when the trace has changed since it was read.
    /// - Throws: `StoreError`; nothing is changed then.
    func reprice(_ loaded: LoadedTrace) throws(StoreError) -> Int? {
        guard let identity = loaded.identity,
            let number = try storedNumber(of: identity.id, project: identity.project),
            try self.identity(of: number)?.content == identity.content,
            try partCount(of: number) == Int64(loaded.nextPart)
        else { return nil }
        restore(number, loaded)
        guard let entry = entry(number) else { return nil }
        let before = Dictionary(uniqueKeysWithValues: entry.assembly.callPrices.map { ($0.number, $0) })
        let changed = loaded.presentPrices.filter { price in
            guard let old = before[price.number] else { return false }
            return old.computed != price.computed || old.price != price.price
        }
        guard entry.assembly.replacePrices(with: changed) else { return 0 }
        touch(entry)
        return try transaction { () throws(StoreError) in
            let dearer = changed.filter { before[$0.number]?.computed != $0.computed }
            try rows.keepCharged(dearer.map(\.number), of: entry, in: connection)
            let storedAt = try connection.integer("SELECT stored_at FROM traces WHERE trace_no=\(number)") ?? 0
            try save(entry)
            try connection.execute("UPDATE traces SET stored_at=\(storedAt) WHERE trace_no=\(number)")
            return dearer.count
        }
    }
}
