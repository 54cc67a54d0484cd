// WriterGate.swift - lets the checkpointer hold the writer between two transactions.

import Foundation

/// A fair gate between two threads: a waiting checkpointer goes before the writer's next transaction.
///
/// `@unchecked Sendable`: every access to the flags is under `condition`'s lock.
final class WriterGate: @unchecked Sendable {
    private let condition = NSCondition()
    private var isWriting = false
    private var isHeld = false
    private var isWanted = false

    /// Runs a transaction of the writer.
    func write<Result>(_ body: () -> Result) -> Result {
        condition.lock()
        while isHeld || isWanted { condition.wait() }
        isWriting = true
        condition.unlock()
        defer {
            condition.lock()
            isWriting = false
            condition.broadcast()
            condition.unlock()
        }
        return body()
    }

    /// Runs something while no transaction is open and none begins.
    func hold<Result>(_ body: () -> Result) -> Result {
        condition.lock()
        isWanted = true
        while isWriting { condition.wait() }
        isWanted = false
        isHeld = true
        condition.unlock()
        defer {
            condition.lock()
            isHeld = false
            condition.broadcast()
            condition.unlock()
        }
        return body()
    }
}
