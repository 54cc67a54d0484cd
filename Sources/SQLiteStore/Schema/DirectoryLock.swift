// DirectoryLock.swift - one process at a time for a data directory.

import Foundation
import Glibc
import NIOConcurrencyHelpers
import TraceModel
import TraceStore

/// Holds a data directory for one process, until it is released or the process ends.
final class DirectoryLock: Sendable {
    private let descriptor: NIOLockedValueBox<Int32>

    /// Locks `directory`, creating it when there is none.
    ///
    /// - Throws: `StoreError` with code `unavailable` when it cannot be made, or another process holds it.
    init(directory: String) throws(StoreError) {
        do {
            try FileManager.default.createDirectory(
                atPath: directory,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700]
            )
        } catch {
            throw StoreError(
                code: .unavailable,
                message: "cannot make the data directory \(directory): \(error.localizedDescription)"
            )
        }
        let path = directory + "/skein.lock"
        let descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            let reason = String(cString: strerror(errno))
            throw StoreError(code: .unavailable, message: "cannot write in the data directory \(directory): \(reason)")
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            Glibc.close(descriptor)
            throw StoreError(
                code: .unavailable,
                message: """
                    another skein server uses the data directory \(directory): \
                    stop it, or give this one another --data-dir
                    """
            )
        }
        self.descriptor = NIOLockedValueBox(descriptor)
    }

    /// Lets others have the directory.
    ///
    /// Calling it again does nothing.
    func release() {
        let held = descriptor.withLockedValue { descriptor in
            defer { descriptor = -1 }
            return descriptor
        }
        guard held >= 0 else { return }
        // A child of this process has the descriptor as well until it becomes another program; closing alone would
        // leave the lock with it.
        flock(held, LOCK_UN)
        Glibc.close(held)
    }

    deinit {
        release()
    }
}
