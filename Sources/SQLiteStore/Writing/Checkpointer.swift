// Checkpointer.swift - moves the write-ahead log into the database, off the commit path.

import Foundation
import GRDBSQLite
import TraceStore

/// Checkpoints on its own thread and connection.
///
/// A passive checkpoint runs beside the writer; then the writer pauses between two transactions for the rest, so that
/// the log starts again from its beginning instead of growing.
///
/// `@unchecked Sendable`: `pages`, `isShrinking`, `isStopping` and `hasEnded` are only touched under `condition`'s lock, `connection`
/// only by the checkpointer's thread.
final class Checkpointer: @unchecked Sendable {
    /// Pages in the log that start a checkpoint: 64 MiB of 16 KiB pages.
    static let threshold: Int32 = 4096

    private let connection: SQLiteConnection
    private let gate: WriterGate
    private let condition = NSCondition()
    /// Pages in the log that start one of these checkpoints.
    private let logPages: Int32
    private var pages: Int32 = 0
    private var isShrinking = false
    private var isStopping = false
    private var hasEnded = false

    init(path: String, gate: WriterGate, logPages: Int32 = threshold) throws(StoreError) {
        self.logPages = logPages
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
        guard pages >= logPages else { return }
        condition.lock()
        self.pages = pages
        condition.signal()
        condition.unlock()
    }

    /// Moves the log into the file soon, so that both take no more than they have to.
    func shrink() {
        condition.lock()
        isShrinking = true
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
        while let isShrinking = waitForWork() {
            checkpoint(SQLITE_CHECKPOINT_PASSIVE)
            // What was written meanwhile is about as much as one round takes; a second round leaves little to wait for.
            checkpoint(SQLITE_CHECKPOINT_PASSIVE)
            gate.hold { checkpoint(isShrinking ? SQLITE_CHECKPOINT_TRUNCATE : SQLITE_CHECKPOINT_PASSIVE) }
        }
        condition.lock()
        hasEnded = true
        condition.broadcast()
        condition.unlock()
    }

    /// Whether the log is to be cut as well; nil at the end.
    private func waitForWork() -> Bool? {
        condition.lock()
        defer { condition.unlock() }
        while pages == 0, !isShrinking, !isStopping { condition.wait() }
        defer { (pages, isShrinking) = (0, false) }
        return isStopping ? nil : isShrinking
    }

    /// A failure (a full disk) loses nothing: the log keeps what it has, and the next round tries again.
    private func checkpoint(_ mode: Int32) {
        // While the writer is held nothing is waited for: a reader that is in the way leaves the log as long as it is.
        if mode == SQLITE_CHECKPOINT_TRUNCATE { sqlite3_busy_timeout(connection.handle, 0) }
        sqlite3_wal_checkpoint_v2(connection.handle, nil, mode, nil, nil)
    }
}
