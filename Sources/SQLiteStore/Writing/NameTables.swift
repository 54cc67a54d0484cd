// NameTables.swift - names and envelopes to small numbers, on the writer's thread.

import TraceModel
import TraceStore

/// The numbers of the names in one table; rows are added as names appear.
struct NameTable {
    private let table: String
    private var known: [ExactString: Int64] = [:]
    private var fresh: [ExactString] = []
    private var recent = RecentNames()
    /// More names than this are not remembered; they are looked up again.
    private static let limit = 16_384

    init(_ table: String) {
        self.table = table
    }

    /// The number of a name, or nil when it is not there and `isAdding` is false.
    mutating func id(
        of name: String,
        in connection: SQLiteConnection,
        isAdding: Bool = true
    ) throws(StoreError) -> Int64? {
        let key = ExactString(name)
        let place = RecentNames.place(of: name)
        if let id = recent.id(of: key, at: place) { return id }
        if let id = known[key] {
            recent.note(key, id, at: place)
            return id
        }
        let column = String(table.dropLast()) + "_id"
        let search = try connection.statement("SELECT \(column) FROM \(table) WHERE name=?")
        search.bind(1, name)
        var id: Int64?
        if try search.step() { id = search.integer(0) }
        search.reset()
        if id == nil, isAdding {
            let insert = try connection.statement("INSERT INTO \(table)(name) VALUES(?) RETURNING \(column)")
            insert.bind(1, name)
            if try insert.step() { id = insert.integer(0) }
            _ = try insert.step()
            insert.reset()
            fresh.append(key)
        }
        if known.count >= Self.limit { known.removeAll() }
        known[key] = id
        return id
    }

    /// The names added since are in the file for good.
    mutating func commit() {
        fresh.removeAll(keepingCapacity: true)
    }

    /// The names added since are not in the file.
    mutating func rollback() {
        for name in fresh { known[name] = nil }
        fresh.removeAll()
        recent = RecentNames()
    }
}

/// The names used last, found by their length and ends instead of a hash over all bytes.
private struct RecentNames {
    private var entries: [(name: ExactString, id: Int64)] = Array(repeating: (ExactString(""), 0), count: 64)

    /// Where a name is kept, if it is.
    static func place(of name: String) -> Int {
        // A string without contiguous bytes is rare here, and any place will do for it.
        (name.utf8.withContiguousStorageIfAvailable { UnsafeRawBufferPointer($0).spread } ?? 0) & 63
    }

    func id(of name: ExactString, at place: Int) -> Int64? {
        let entry = entries[place]
        return entry.id > 0 && entry.name == name ? entry.id : nil
    }

    mutating func note(_ name: ExactString, _ id: Int64, at place: Int) {
        entries[place] = (name, id)
    }
}

/// The numbers of resources or scopes, once for each content.
struct EnvelopeTable {
    private let table: String
    private let column: String
    private var known: [UInt64: [(bytes: [UInt8], id: Int64)]] = [:]
    private var size = 0
    private var fresh: [UInt64] = []
    /// Bytes of envelopes that are remembered.
    private static let limit = 4 << 20

    init(_ table: String, _ column: String) {
        self.table = table
        self.column = column
    }

    /// The number of an envelope; adds a row when the content is new.
    mutating func id(of envelope: SpanEnvelope, in connection: SQLiteConnection) throws(StoreError) -> Int64 {
        if let id = known[envelope.fingerprint]?.first(where: { $0.bytes == envelope.bytes })?.id { return id }
        let id = if let found = try stored(envelope, connection) { found } else { try added(envelope, connection) }
        if size > Self.limit {
            known.removeAll()
            size = 0
        }
        known[envelope.fingerprint, default: []].append((envelope.bytes, id))
        size += envelope.bytes.count + 64
        return id
    }

    private func stored(_ envelope: SpanEnvelope, _ connection: SQLiteConnection) throws(StoreError) -> Int64? {
        let search = try connection.statement("SELECT \(column) FROM \(table) WHERE fingerprint=? AND bytes=?")
        search.bind(1, Int64(bitPattern: envelope.fingerprint))
        search.bind(2, blob: envelope.bytes)
        defer { search.reset() }
        return try search.step() ? search.integer(0) : nil
    }

    private mutating func added(_ envelope: SpanEnvelope, _ connection: SQLiteConnection) throws(StoreError) -> Int64 {
        let insert = try connection.statement(
            "INSERT INTO \(table)(fingerprint, bytes) VALUES(?, ?) RETURNING \(column)"
        )
        insert.bind(1, Int64(bitPattern: envelope.fingerprint))
        insert.bind(2, blob: envelope.bytes)
        defer { insert.reset() }
        guard try insert.step() else { throw connection.failure() }
        let id = insert.integer(0)
        _ = try insert.step()
        fresh.append(envelope.fingerprint)
        return id
    }

    /// The rows added since are in the file for good.
    mutating func commit() {
        fresh.removeAll(keepingCapacity: true)
    }

    /// The rows added since are not in the file.
    mutating func rollback() {
        for fingerprint in fresh { known[fingerprint] = nil }
        fresh.removeAll()
    }

    /// Forgets what the file has too; between transactions that is everything.
    ///
    /// One small block of each in a page of its own is what keeps heaps from being given back.
    mutating func rest() {
        fresh = []
        known = [:]
        size = 0
    }
}
