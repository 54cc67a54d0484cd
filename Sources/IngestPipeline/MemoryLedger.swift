// MemoryLedger.swift - who holds how much of the memory budget, and who waits.

/// What becomes of a request for memory.
enum MemoryTicket: Equatable {
    case granted
    case refused
    case waiting(UInt64)
}

/// The book of a memory budget; a value without I/O, guarded by the budget's lock.
struct MemoryLedger {
    typealias Continuation = CheckedContinuation<Bool, Never>

    private struct Waiter {
        let id: UInt64
        let lease: UInt64
        let bytes: Int
        var continuation: Continuation?
    }

    let limit: Int
    private(set) var used = 0
    /// How fast memory comes back.
    private var drain = DrainWatch()
    private(set) var peak = 0
    private var held: [UInt64: Int] = [:]
    private var waiters: [Waiter] = []
    /// What became of waiters whose continuation has not come yet.
    private var outcomes: [UInt64: Bool] = [:]
    private var lastIdentifier: UInt64 = 0

    init(limit: Int) {
        self.limit = limit
    }

    var waiterCount: Int { waiters.count }

    mutating func newIdentifier() -> UInt64 {
        lastIdentifier += 1
        return lastIdentifier
    }

    /// Grants at once, or queues.
    ///
    /// New requests stand in line behind those that wait. Who holds memory already may pass, because only by going on
    /// does it give back; and so may what is small against the limit.
    mutating func request(_ bytes: Int, for lease: UInt64, mayWait: Bool) -> MemoryTicket {
        if waiters.isEmpty || mayPass(bytes, lease), fits(bytes, lease) {
            take(bytes, lease)
            return .granted
        }
        guard mayWait else { return .refused }
        let id = newIdentifier()
        waiters.append(Waiter(id: id, lease: lease, bytes: bytes))
        return .waiting(id)
    }

    /// Names who is to be told; returns the outcome instead when it is known already.
    mutating func attach(_ continuation: Continuation, to waiter: UInt64) -> Bool? {
        if let outcome = outcomes.removeValue(forKey: waiter) { return outcome }
        if let index = waiters.firstIndex(where: { $0.id == waiter }) {
            waiters[index].continuation = continuation
            return nil
        }
        return false
    }

    /// How many seconds what is held now takes to come back.
    mutating func secondsToDrain(at time: Duration) -> Int {
        drain.seconds(for: used, at: time)
    }

    /// Gives back what is held, up to `bytes`; returns who gets room by it.
    mutating func giveBack(_ bytes: Int, from lease: UInt64, at time: Duration) -> [Continuation] {
        guard let holding = held[lease], bytes > 0 else { return [] }
        let returned = min(bytes, holding)
        used -= returned
        drain.note(returned, at: time)
        held[lease] = holding == returned ? nil : holding - returned
        return grantWaiters()
    }

    /// Takes a waiter out of the line; returns it, and who gets room because the line moves up.
    mutating func abandon(_ waiter: UInt64) -> (Continuation?, [Continuation]) {
        guard let index = waiters.firstIndex(where: { $0.id == waiter }) else { return (nil, []) }
        let continuation = waiters.remove(at: index).continuation
        if continuation == nil { outcomes[waiter] = false }
        return (continuation, grantWaiters())
    }

    private mutating func grantWaiters() -> [Continuation] {
        var resumed: [Continuation] = []
        var left: [Waiter] = []
        for waiter in waiters {
            guard left.isEmpty || mayPass(waiter.bytes, waiter.lease), fits(waiter.bytes, waiter.lease) else {
                left.append(waiter)
                continue
            }
            take(waiter.bytes, waiter.lease)
            if let continuation = waiter.continuation {
                resumed.append(continuation)
            } else {
                outcomes[waiter.id] = true
            }
        }
        waiters = left
        return resumed
    }

    private func mayPass(_ bytes: Int, _ lease: UInt64) -> Bool {
        held[lease] != nil || bytes <= limit / 64
    }

    private func fits(_ bytes: Int, _ lease: UInt64) -> Bool {
        used == held[lease, default: 0] || bytes <= limit - used
    }

    private mutating func take(_ bytes: Int, _ lease: UInt64) {
        held[lease, default: 0] += bytes
        used += bytes
        peak = max(peak, used)
    }
}
