// SQLiteBackup.swift - a consistent copy of a database, also while a collector writes to it.

import CSQLiteSetup
import Foundation
import GRDB
import Glibc
import TraceModel
public import TraceStore

/// Copies the database of a data directory.
public enum SQLiteBackup {
    /// Writes a copy as of one moment: everything that was acknowledged before is in it.
    ///
    /// Reads through a connection of its own and takes no lock that a writer waits for. The copy is written beside its
    /// place under another name, synced, and takes its place last, so that no half copy is ever found there.
    ///
    /// - Parameters:
    ///   - directory: The data directory.
    ///   - destination: The file to write, for its owner alone (mode 0600).
    ///   - isReplacing: Whether a file that is there is replaced.
    /// - Returns: The bytes of the copy.
    /// - Throws: `StoreError`: `notFound` when there is no database, `invalid` when the destination is taken,
    ///   `unavailable` when the copy cannot be made.
    public static func copy(
        directory: String,
        to destination: String,
        replacing isReplacing: Bool = false
    ) throws(StoreError) -> Int {
        let source = directory + "/" + DatabaseSetup.fileName
        guard FileManager.default.fileExists(atPath: source) else {
            throw StoreError(code: .notFound, message: "there is no database \(source)")
        }
        try check(destination, source, isReplacing)
        let draft = destination + ".part-\(getpid())"
        try makeEmpty(draft)
        do {
            try write(from: source, to: draft)
            try sync(draft)
            try move(draft, to: destination, replacing: isReplacing)
        } catch {
            unlink(draft)
            throw error
        }
        // The name is lost in a power cut at worst, never half of the file.
        try? sync((destination as NSString).deletingLastPathComponent)
        let attributes = try? FileManager.default.attributesOfItem(atPath: destination)
        return (attributes?[.size] as? NSNumber)?.intValue ?? 0
    }

    private static func check(_ destination: String, _ source: String, _ isReplacing: Bool) throws(StoreError) {
        var found = stat()
        guard stat(destination, &found) == 0 else { return }
        var own = stat()
        if stat(source, &own) == 0, own.st_ino == found.st_ino, own.st_dev == found.st_dev {
            throw StoreError(code: .invalid, message: "\(destination) is the database itself")
        }
        guard found.st_mode & S_IFMT == S_IFREG else {
            throw StoreError(code: .invalid, message: "\(destination) is no file: name the file of the copy")
        }
        guard isReplacing else {
            throw StoreError(code: .invalid, message: "\(destination) is there already; --force replaces it")
        }
    }

    private static func makeEmpty(_ path: String) throws(StoreError) {
        let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure("cannot write \(path)") }
        close(descriptor)
    }

    private static func write(from source: String, to draft: String) throws(StoreError) {
        skein_sqlite_setup()
        var configuration = Configuration()
        configuration.readonly = true
        configuration.label = "skein-backup"
        configuration.busyMode = .timeout(5)
        do {
            let queue = try DatabaseQueue(path: source, configuration: configuration)
            // Outside of a transaction: VACUUM takes a snapshot of its own.
            try queue.writeWithoutTransaction { db in try db.execute(sql: "VACUUM INTO ?", arguments: [draft]) }
            try queue.close()
        } catch {
            let reason = (error as? DatabaseError)?.message ?? "\(error)"
            throw StoreError(code: .unavailable, message: "the copy \(draft) cannot be made: \(reason)")
        }
    }

    private static func sync(_ path: String) throws(StoreError) {
        let descriptor = open(path.isEmpty ? "." : path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("cannot open \(path)") }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw failure("cannot write \(path) to the disk") }
    }

    private static func move(_ draft: String, to place: String, replacing isReplacing: Bool) throws(StoreError) {
        // A link never takes the place of a file that came meanwhile.
        if !isReplacing {
            if link(draft, place) == 0 {
                unlink(draft)
                return
            }
            guard errno != EEXIST else {
                throw StoreError(code: .invalid, message: "\(place) is there already; --force replaces it")
            }
        }
        guard rename(draft, place) == 0 else { throw failure("cannot put the copy at \(place)") }
    }

    private static func failure(_ what: String) -> StoreError {
        StoreError(code: .unavailable, message: "\(what): \(String(cString: strerror(errno)))")
    }
}
