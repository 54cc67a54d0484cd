// DatabaseSetup.swift - making a database ready for writing: lock, page size, schema, version.

import CAssets
import Glibc
import TraceModel
import TraceStore

/// Opens the writing connection of a database, creating the file when there is none.
enum DatabaseSetup {
    /// The schema version that this program writes (`PRAGMA user_version`).
    static let schemaVersion: Int64 = 7
    /// The name of the database in the data directory.
    static let fileName = "skein.db"

    /// Opens the database for writing.
    ///
    /// - Throws: `StoreError`: `unavailable` when the file cannot be used, `unsupported` when a newer program wrote it.
    static func open(path: String) throws(StoreError) -> SQLiteConnection {
        restrict(path)
        let connection = try SQLiteConnection(path: path)
        let version = try connection.integer("PRAGMA user_version") ?? 0
        guard version <= schemaVersion else {
            throw StoreError(
                code: .unsupported,
                message: """
                    the database \(path) has schema \(version), this program knows up to \(schemaVersion): \
                    use the newer version of skein that wrote it, or another --data-dir
                    """
            )
        }
        if version == 0 {
            try create(connection, path: path)
        } else if version < schemaVersion {
            try SchemaMigration.migrate(connection, from: version, to: schemaVersion)
        }
        try configure(connection)
        return connection
    }

    /// Prompts are nobody else's business: the file is the owner's alone, and SQLite gives its log the same mode.
    ///
    /// What cannot be changed here (a file of somebody else, a file system without modes) shows when it is opened.
    private static func restrict(_ path: String) {
        let descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return }
        fchmod(descriptor, 0o600)
        Glibc.close(descriptor)
    }

    private static func create(_ connection: SQLiteConnection, path: String) throws(StoreError) {
        guard try connection.integer("SELECT count(*) FROM sqlite_schema") == 0 else {
            throw StoreError(
                code: .unsupported,
                message: "\(path) is a database of another program: move it away, or use another --data-dir"
            )
        }
        // Both can only be set before the first table exists.
        try connection.execute("PRAGMA page_size=16384; PRAGMA auto_vacuum=INCREMENTAL; PRAGMA journal_mode=WAL;")
        let schema = String(cString: skein_schema_sql())
        try connection.execute("BEGIN IMMEDIATE;\n" + schema + "\nPRAGMA user_version=\(schemaVersion);\nCOMMIT;")
    }

    /// The dictionaries to compress with: the shipped one, added when the file has it not, and per project its newest.
    ///
    /// - Returns: The shipped one, and by project its newest with the number of trainings there were.
    static func dictionaries(
        _ connection: SQLiteConnection
    ) throws(StoreError) -> (shipped: NumberedDictionary, own: [String: (newest: NumberedDictionary, count: Int)]) {
        let shipped = ZstdCompressionDictionary.shipped()
        let bytes = shipped.content.array
        let same = try SQLiteStatement(
            connection,
            "SELECT dictionary_id FROM dictionaries WHERE project_id IS NULL AND bytes=?"
        )
        same.bind(1, blob: bytes)
        let id = if try same.step() { same.integer(0) } else { try addDictionary(connection, bytes, project: nil) }
        var own: [String: (newest: NumberedDictionary, count: Int)] = [:]
        let rows = try SQLiteStatement(
            connection,
            """
            SELECT p.name, max(d.dictionary_id), count(*), d.bytes
            FROM dictionaries d JOIN projects p USING(project_id) GROUP BY project_id ORDER BY 2 DESC LIMIT 16
            """
        )
        while try rows.step() {
            let bytes = DictionaryBytes(copying: [UInt8](rows.blob(3)))
            let dictionary = ZstdCompressionDictionary(bytes, isOwn: true)
            let newest = NumberedDictionary(id: rows.integer(1), dictionary: dictionary)
            own[rows.text(0)] = (newest, Int(rows.integer(2)))
        }
        return (NumberedDictionary(id: id, dictionary: shipped), own)
    }

    /// Adds a dictionary and gives its number.
    static func addDictionary(
        _ connection: SQLiteConnection,
        _ bytes: [UInt8],
        project: String?
    ) throws(StoreError) -> Int64 {
        let insert = try SQLiteStatement(
            connection,
            """
            INSERT INTO dictionaries(project_id, created_at, bytes)
            VALUES((SELECT project_id FROM projects WHERE name=?), unixepoch(), ?) RETURNING dictionary_id
            """
        )
        insert.bind(1, project)
        insert.bind(2, blob: bytes)
        guard try insert.step() else { throw connection.failure() }
        let added = insert.integer(0)
        _ = try insert.step()
        return added
    }

    /// Settings of the writing connection.
    ///
    /// FULL: a commit is on disk when it returns. Deleted content is overwritten.
    private static func configure(_ connection: SQLiteConnection) throws(StoreError) {
        try connection.execute(
            """
            PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=0;
            PRAGMA secure_delete=ON; PRAGMA cache_size=-32768; PRAGMA temp_store=MEMORY;
            PRAGMA journal_size_limit=67108864;
            """
        )
        connection.countLogPages()
    }
}
