// Checkpointer.swift - moves the write-ahead log into the database, off the commit path.

import Foundation
import GRDBSQLite
import TraceStore

/// Checkpoints on its own thread and connection.
///
/// A passive checkpoint runs beside the writer; then the writer pauses between two transactions for the rest, so that
/// the log starts again from its beginning instead of growing.
///
/// `@unchecked Sendable`: `pages`, `isStopping` and `hasEnded` are only touched under `condition`'s lock, `connection`
/// only by the checkpointer's thread.
final class Checkpointer: @unchecked Sendable {
    /// Pages in the log that start a checkpoint: 64 MiB of 16 KiB pages.
    static let threshold: Int32 = 4096

    private let connection: SQLiteConnection
    private let gate: WriterGate
    private let condition = NSCondition()
    private var pages: Int32 = 0
    private var isStopping = false
    private var hasEnded = false

    init(path: String, gate: WriterGate) throws(StoreError) {
        connection = try SQLiteConnection(path: path)
        self.gate = gate
        try connection.execute("PRAGMA synchronous=FULL; PRAGMA journal_size_limit=67108864;")
    }

    func start() {
        let thread = Thread {
            Thread.current.name = "skein-ckpt"
            self.run()
        }
        thread.start()
    }

    /// Tells how many pages the log has; called by the writer after each commit.
    func note(pages: Int32) {
        guard pages >= Self.threshold else { return }
        condition.lock()
        self.pages = pages
        condition.signal()
        condition.unlock()
    }

    /// Ends the thread and waits for it.
    func stop() {
        condition.lock()
        isStopping = true
        condition.signal()
        while !hasEnded { condition.wait() }
        condition.unlock()
    }

    private func run() {
        while waitForWork() {
            checkpoint(SQLITE_CHECKPOINT_PASSIVE)
            // What was written meanwhile is about as much as one round takes; a second round leaves little to wait for.
            checkpoint(SQLITE_CHECKPOINT_PASSIVE)
            gate.hold { checkpoint(SQLITE_CHECKPOINT_PASSIVE) }
        }
        condition.lock()
        hasEnded = true
        condition.broadcast()
        condition.unlock()
    }

    private func waitForWork() -> Bool {
        condition.lock()
        defer { condition.unlock() }
        while pages == 0, !isStopping { condition.wait() }
        pages = 0
        return !isStopping
    }

    /// A failure (a full disk) loses nothing: the log keeps what it has, and the next round tries again.
    private func checkpoint(_ mode: Int32) {
        sqlite3_wal_checkpoint_v2(connection.handle, nil, mode, nil, nil)
    }
}
