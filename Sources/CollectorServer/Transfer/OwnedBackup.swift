// OwnedBackup.swift - a copy of the data of a directory, for the commands of its owner.

import SQLiteStore
import TraceStore

/// Copies the data of a directory.
public enum OwnedBackup {
    /// Writes a consistent copy, also while a collector runs on the directory.
    ///
    /// - Parameters:
    ///   - directory: The data directory.
    ///   - destination: The file to write.
    ///   - isReplacing: Whether a file that is there is replaced.
    /// - Returns: The bytes of the copy.
    /// - Throws: `StoreError` when there is nothing to copy, or no place for it.
    public static func copy(directory: String, to destination: String, replacing isReplacing: Bool) throws -> Int {
        try SQLiteBackup.copy(directory: directory, to: destination, replacing: isReplacing)
    }
}
