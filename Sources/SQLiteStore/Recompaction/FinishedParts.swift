// FinishedParts.swift - reads the parts of traces that nothing comes for any more.

import GRDBSQLite
import TraceModel
import TraceStore

/// A trace that may be finished.
struct WalkedTrace {
    var number: Int64
    var project: Int64
    /// When something was stored for it last, in seconds since the Unix epoch.
    var storedAt: Int64
    var content: StoredContent
}

/// A part that was not compressed again yet, with its bytes.
struct FinishedPart {
    var part: ReadPart
    var payload: [UInt8]
}

/// Reads on a connection of its own, in transactions that end before anything is compressed.
final class FinishedParts {
    /// Parts of one frame, and their bytes before compression, unless one is larger.
    static let mostParts = 64
    static let mostBytes = 1 << 20
    /// Traces of one look.
    static let window = 1024

    let connection: SQLiteConnection
    private let codec: ZstdCodec
    private let dictionaries: DictionaryTable

    /// Opens the connection.
    ///
    /// - Throws: `StoreError` when it cannot be opened.
    init(path: String, codec: ZstdCodec, dictionaries: DictionaryTable) throws(StoreError) {
        connection = try SQLiteConnection(path: path)
        try connection.execute("PRAGMA query_only=ON; PRAGMA cache_size=-4096")
        self.codec = codec
        self.dictionaries = dictionaries
    }

    /// The next traces by number; hidden ones are left out.
    func traces(after number: Int64) throws(StoreError) -> [WalkedTrace] {
        try traces("trace_no > ? ORDER BY trace_no LIMIT \(Self.window)", number)
    }

    /// One trace; nil when it is gone.
    func trace(_ number: Int64) throws(StoreError) -> WalkedTrace? {
        try traces("trace_no = ?", number).first
    }

    private func traces(_ condition: String, _ value: Int64) throws(StoreError) -> [WalkedTrace] {
        let rows = try connection.statement(
            "SELECT trace_no, project_id, stored_at, content, length(trace_id) FROM traces WHERE \(condition)"
        )
        defer { rows.reset() }
        rows.bind(1, value)
        var found: [WalkedTrace] = []
        while try rows.step() {
            guard rows.integer(4) > 0 else { continue }
            found.append(
                WalkedTrace(
                    number: rows.integer(0),
                    project: rows.integer(1),
                    storedAt: rows.integer(2),
                    content: StoredContent(rawValue: rows.integer(3)) ?? .expiring
                )
            )
        }
        return found
    }

    /// The next parts of a trace that become one frame.
    ///
    /// - Parameters:
    ///   - key: From this part on.
    ///   - trace: The trace.
    /// - Returns: Parts side by side; none when there are no more.
    /// - Throws: `StoreError` when the database cannot be read.
    func group(from key: Int64, of trace: Int64) throws(StoreError) -> [FinishedPart] {
        let rows = try connection.statement(
            """
            SELECT part_id, encoding, dictionary_id, plain_length, payload FROM parts
            WHERE part_id >= ? AND part_id < ? AND kind = 0 ORDER BY part_id
            """
        )
        defer { rows.reset() }
        rows.bind(1, key)
        rows.bind(2, PartKey.end(of: trace))
        var group: [FinishedPart] = []
        var bytes = 0
        while group.count < Self.mostParts, try rows.step() {
            guard rows.integer(1) <= PartEncoding.zstd.rawValue else {
                // What was compressed before stays as it is, and parts the ones around it.
                if group.isEmpty { continue }
                break
            }
            bytes += Int(rows.integer(3))
            if !group.isEmpty, bytes > Self.mostBytes { break }
            group.append(finishedPart(rows))
        }
        return group
    }

    /// Some part of a trace that has a frame of its own; another one each turn.
    func part(of trace: Int64, turn: Int) throws(StoreError) -> FinishedPart? {
        let last = try connection.lastKey(
            "SELECT part_id FROM parts WHERE part_id >= ? AND part_id < ? ORDER BY part_id DESC LIMIT 1",
            PartKey.first(of: trace),
            PartKey.end(of: trace)
        )
        guard let last else { return nil }
        let number = UInt32(truncatingIfNeeded: turn) % (PartKey.number(last) + 1)
        let rows = try connection.statement(
            """
            SELECT part_id, encoding, dictionary_id, plain_length, payload FROM parts
            WHERE part_id >= ? AND part_id < ? AND kind = 0 AND encoding <> \(PartEncoding.shared.rawValue)
            ORDER BY part_id LIMIT 1
            """
        )
        defer { rows.reset() }
        rows.bind(1, PartKey.key(trace, number))
        rows.bind(2, PartKey.end(of: trace))
        return try rows.step() ? finishedPart(rows) : nil
    }

    /// The present row of a query for key, encoding, dictionary, length and payload.
    private func finishedPart(_ row: SQLiteStatement) -> FinishedPart {
        let payload = [UInt8](row.blob(4))
        let part = ReadPart(
            key: row.integer(0),
            encoding: row.integer(1),
            dictionary: row.isNull(2) ? nil : row.integer(2),
            plainLength: Int(row.integer(3)),
            stored: payload.count
        )
        return FinishedPart(part: part, payload: payload)
    }

    /// What the payload of a part becomes; nil when it is damaged.
    func plain(_ part: FinishedPart) throws(StoreError) -> [UInt8]? {
        guard part.part.encoding != PartEncoding.plain.rawValue else { return part.payload }
        guard let length = part.payload.withUnsafeBytes({ ZstdCodec.plainLength(of: $0) }),
            part.part.encoding == PartEncoding.leading.rawValue || length == part.part.plainLength,
            length <= PartDecoder.mostFrameBytes
        else { return nil }
        do {
            let dictionary = try part.part.dictionary.map { id in
                try dictionaries.dictionary(id) {
                    try ConnectionReferences(connection: connection, frames: FrameCache()).dictionaryBytes(id)
                }
            }
            return try [UInt8](unsafeUninitializedCapacity: length) { buffer, count in
                let target = UnsafeMutableRawBufferPointer(buffer)
                try part.payload.withUnsafeBytes {
                    try codec.decompress(
                        $0,
                        into: UnsafeMutableRawBufferPointer(rebasing: target[..<length]),
                        with: dictionary
                    )
                }
                count = length
            }
        } catch {
            throw StoreError(reading: error)
        }
    }

    /// The name of a project.
    func projectName(_ number: Int64) throws(StoreError) -> String {
        let row = try connection.statement("SELECT name FROM projects WHERE project_id=?")
        defer { row.reset() }
        row.bind(1, number)
        return try row.step() ? row.text(0) : ""
    }

    /// Lets go of pages that were read.
    func rest() {
        sqlite3_db_release_memory(connection.handle)
    }

    /// Lets go of the statements that hold the connection.
    func close() {
        connection.forgetStatements()
    }
}
