// MemoryLease.swift - how a receiver asks for memory before it uses it.

/// The memory of the collector has no room for a request now.
public struct MemoryShortage: CollectorError, Equatable {
    /// Always `overloaded`: the same request can be accepted later.
    public let code = ErrorCode.overloaded
    /// How long what is in work will take, as far as can be told.
    public let retryAfterSeconds: Int?
    /// What was asked for, and the limit and setting involved.
    public let message: String

    /// Makes an error.
    public init(retryAfterSeconds: Int? = nil, message: String) {
        self.retryAfterSeconds = retryAfterSeconds
        self.message = message
    }
}

/// The share of one request in the memory that all requests have together.
///
/// Held from the first byte of the body until the answer; given back by `end()`, or with the last reference.
public protocol MemoryLease: AnyObject, Sendable {
    /// Adds bytes to the share, and waits a bounded time for room.
    ///
    /// - Throws: `MemoryShortage` when there is still no room; the share is unchanged then.
    func grow(by bytes: Int) async throws(MemoryShortage)

    /// Gives bytes back; at most as many as are held.
    func shrink(by bytes: Int)

    /// Gives everything back.
    func end()
}

/// Memory without a bound.
public struct UnboundedMemory: MemorySource {
    private final class Lease: MemoryLease {
        func grow(by bytes: Int) {}
        func shrink(by bytes: Int) {}
        func end() {}
    }

    /// Makes a source.
    public init() {}

    /// A lease that counts nothing.
    public func lease() -> any MemoryLease {
        Lease()
    }
}

/// Where leases come from.
public protocol MemorySource: Sendable {
    /// A lease that holds nothing yet.
    func lease() -> any MemoryLease
}
