// SQLiteKeyFile.swift - the keys of a database that no server has open.

public import TraceStore

/// The keys in the database of a data directory, while no server uses it.
///
/// Holds the directory until it is let go.
public actor SQLiteKeyFile: KeyStore {
    private let lock: DirectoryLock
    private let connection: SQLiteConnection

    /// Opens the database of a directory, making both when they are not there.
    ///
    /// - Throws: `StoreError`: `unavailable` when they cannot be used or a server uses them, `unsupported` when a newer
    ///   version wrote the file.
    public init(directory: String) throws(StoreError) {
        lock = try DirectoryLock(directory: directory)
        connection = try DatabaseSetup.open(path: directory + "/" + DatabaseSetup.fileName)
    }

    /// See `KeyStore`.
    public func keys() async throws(StoreError) -> [AccessKey] {
        try run(.list)
    }

    /// See `KeyStore`.
    public func addKey(_ key: AccessKey) async throws(StoreError) {
        _ = try run(.add(key))
    }

    /// See `KeyStore`.
    public func revokeKey(_ id: String) async throws(StoreError) -> AccessKey? {
        try run(.revoke(id)).first
    }

    private func run(_ task: KeyTask) throws(StoreError) -> [AccessKey] {
        do throws(StoreError) {
            try connection.execute("BEGIN IMMEDIATE")
            let keys = try task.run(on: connection)
            try connection.execute("COMMIT")
            return keys
        } catch {
            try? connection.execute("ROLLBACK")
            throw error
        }
    }
}
