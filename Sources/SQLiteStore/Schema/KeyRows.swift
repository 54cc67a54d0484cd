// KeyRows.swift - keys as rows.

import TraceModel
import TraceStore

/// Reads and changes the table of keys.
enum KeyRows {
    private static let columns = "k.key_id, k.name, p.name, k.scopes, k.hash, k.created_at, k.revoked_at"

    /// Every key, oldest first.
    static func all(_ connection: SQLiteConnection) throws(StoreError) -> [AccessKey] {
        let rows = try SQLiteStatement(
            connection,
            "SELECT \(columns) FROM keys k JOIN projects p USING(project_id) ORDER BY k.created_at, k.key_id"
        )
        var keys: [AccessKey] = []
        while try rows.step() { keys.append(key(rows)) }
        return keys
    }

    /// Adds a key, with its project.
    ///
    /// - Throws: `StoreError` with code `invalid` when the id is taken.
    static func add(_ key: AccessKey, _ connection: SQLiteConnection) throws(StoreError) {
        guard try find(key.id, connection) == nil else {
            throw StoreError(code: .invalid, message: "there is a key \(key.id) already")
        }
        let project = try SQLiteStatement(connection, "INSERT OR IGNORE INTO projects(name) VALUES(?)")
        project.bind(1, key.project)
        try project.run()
        let insert = try SQLiteStatement(
            connection,
            """
            INSERT INTO keys(key_id, name, project_id, scopes, hash, created_at)
            VALUES(?, ?, (SELECT project_id FROM projects WHERE name=?), ?, ?, ?)
            """
        )
        insert.bind(1, key.id)
        insert.bind(2, key.name)
        insert.bind(3, key.project)
        insert.bind(4, key.scopes.map(\.rawValue).sorted().joined(separator: " "))
        insert.bind(5, blob: key.hash)
        insert.bind(6, key.createdAt)
        try insert.run()
    }

    /// Revokes a key; nil when there is none of that id.
    static func revoke(_ id: String, _ connection: SQLiteConnection) throws(StoreError) -> AccessKey? {
        let update = try SQLiteStatement(
            connection,
            "UPDATE keys SET revoked_at=unixepoch() WHERE key_id=? AND revoked_at IS NULL"
        )
        update.bind(1, id)
        try update.run()
        return try find(id, connection)
    }

    private static func find(_ id: String, _ connection: SQLiteConnection) throws(StoreError) -> AccessKey? {
        let rows = try SQLiteStatement(
            connection,
            "SELECT \(columns) FROM keys k JOIN projects p USING(project_id) WHERE k.key_id=?"
        )
        rows.bind(1, id)
        return try rows.step() ? key(rows) : nil
    }

    private static func key(_ row: SQLiteStatement) -> AccessKey {
        AccessKey(
            id: row.text(0),
            name: row.text(1),
            project: row.text(2),
            scopes: Set(row.text(3).split(separator: " ").compactMap { AccessScope(rawValue: String($0)) }),
            hash: [UInt8](row.blob(4)),
            createdAt: row.integer(5),
            revokedAt: row.isNull(6) ? nil : row.integer(6)
        )
    }
}

/// A change of the keys, or none.
enum KeyTask: Sendable {
    case list
    case add(AccessKey)
    case revoke(String)

    /// Carries it out, within a transaction of the caller.
    ///
    /// - Returns: Every key for `list`, the key for the others; empty when there is none to revoke.
    func run(on connection: SQLiteConnection) throws(StoreError) -> [AccessKey] {
        switch self {
        case .list:
            return try KeyRows.all(connection)
        case .add(let key):
            try KeyRows.add(key, connection)
            return [key]
        case .revoke(let id):
            return try KeyRows.revoke(id, connection).map { [$0] } ?? []
        }
    }
}
