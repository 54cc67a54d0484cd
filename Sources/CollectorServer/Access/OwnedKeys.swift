// OwnedKeys.swift - the keys of a data directory, for the commands of its owner.

import SQLiteStore
public import TraceStore

/// Finds the keys of a data directory.
public enum OwnedKeys {
    /// The keys of a directory: through the collector that runs there, else in its file.
    ///
    /// - Parameters:
    ///   - directory: The data directory.
    ///   - makesDatabase: Whether a directory without a database gets one; what only reads wants none.
    /// - Returns: Changes count at once, for a running collector too.
    /// - Throws: `StoreError` when neither can be used.
    public static func open(directory: String, makesDatabase: Bool = true) async throws(StoreError) -> any KeyStore {
        if let client = await ControlClient(directory: directory) { return client }
        if !makesDatabase { try OwnedDatabase.require(in: directory) }
        return try SQLiteKeyFile(directory: directory)
    }
}
