// OwnedKeys.swift - the keys of a data directory, for the commands of its owner.

import SQLiteStore
public import TraceStore

/// Finds the keys of a data directory.
public enum OwnedKeys {
    /// The keys of a directory: through the collector that runs there, else in its file, which is made if need be.
    ///
    /// - Parameter directory: The data directory.
    /// - Returns: Changes count at once, for a running collector too.
    /// - Throws: `StoreError` when neither can be used.
    public static func open(directory: String) async throws(StoreError) -> any KeyStore {
        if let client = await ControlClient(directory: directory) { return client }
        return try SQLiteKeyFile(directory: directory)
    }
}
