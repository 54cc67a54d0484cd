// DirectoryLoad.swift - the directory is read while the server starts.

import Dispatch
import Foundation
import NIOConcurrencyHelpers
import TraceStore

/// Fills a directory on a thread and a connection of its own: it is half of a start on a large file, lists do not need it,
/// and another core has time.
final class DirectoryLoad: Sendable {
    private let result = NIOLockedValueBox<Result<Void, StoreError>>(.success(()))
    private let done = DispatchGroup()

    /// Begins to read.
    ///
    /// - Parameters:
    ///   - directory: What is filled.
    ///   - path: The database, with its schema ready.
    init(_ directory: TraceDirectory, path: String) {
        done.enter()
        // Not a thread of those that tasks share: they may wait for it.
        Thread { [result, done] in
            let read = Result<Void, StoreError> { () throws(StoreError) in
                try directory.load(from: try SQLiteConnection(reading: path))
            }
            result.withLockedValue { $0 = read }
            done.leave()
        }.start()
    }

    /// Waits until everything is read.
    ///
    /// - Throws: `StoreError` when the file cannot be read, or is damaged.
    func finish() throws(StoreError) {
        done.wait()
        try result.withLockedValue { $0 }.get()
    }
}
