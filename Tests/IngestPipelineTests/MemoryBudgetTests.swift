// MemoryBudgetTests.swift - one bound for everything in work.

import IngestPipeline
import TestSupport
import Testing
import TraceModel

/// Long enough never to end in a test.
private let forever = Duration.seconds(86_400)

/// Starts a grow that has to wait, and returns when it waits.
private func waitingGrow(
    _ lease: any MemoryLease,
    by bytes: Int,
    of budget: MemoryBudget
) async -> Task<Bool, Never> {
    let before = budget.waitingRequests
    let task = Task {
        do {
            try await lease.grow(by: bytes)
            return true
        } catch {
            return false
        }
    }
    while budget.waitingRequests == before { await Task.yield() }
    return task
}

@Suite(.timeLimit(.minutes(1)))
struct MemoryBudgetTests {
    @Test func `leases add up and give back`() async throws {
        let budget = MemoryBudget(limitBytes: 1000, patience: .zero)
        let first = budget.lease()
        let second = budget.lease()
        try await first.grow(by: 600)
        try await second.grow(by: 400)
        #expect(budget.usedBytes == 1000)
        first.shrink(by: 500)
        #expect(budget.usedBytes == 500)
        second.end()
        second.end()
        #expect(budget.usedBytes == 100)
        first.shrink(by: 5000)
        #expect(budget.usedBytes == 0)
        #expect(budget.peakBytes == 1000)
    }

    @Test func `a forgotten lease gives back`() async throws {
        let budget = MemoryBudget(limitBytes: 1000, patience: .zero)
        try await budget.lease().grow(by: 700)
        #expect(budget.usedBytes == 0)
    }

    @Test func `a full budget refuses as overloaded and names the setting`() async throws {
        let budget = MemoryBudget(limitBytes: 1000, patience: .zero)
        let holder = budget.lease()
        try await holder.grow(by: 900)
        let other = budget.lease()
        let error = await #expect(throws: MemoryShortage.self) { try await other.grow(by: 101) }
        #expect(error?.code == .overloaded)
        #expect(error?.message.contains("receivers.memory_budget_bytes") == true)
        #expect(budget.usedBytes == 900)
        try await other.grow(by: 100)
    }

    @Test func `a request alone passes whatever it needs`() async throws {
        let budget = MemoryBudget(limitBytes: 1000, patience: .zero)
        let alone = budget.lease()
        try await alone.grow(by: 800)
        try await alone.grow(by: 5000)
        #expect(budget.usedBytes == 5800)
        await #expect(throws: MemoryShortage.self) { try await budget.lease().grow(by: 1) }
        alone.end()
        try await budget.lease().grow(by: 4000)
    }

    @Test func `room that comes in time is given to who waits`() async throws {
        let budget = MemoryBudget(limitBytes: 1000, patience: forever)
        let holder = budget.lease()
        try await holder.grow(by: 900)
        let other = budget.lease()
        let waiting = await waitingGrow(other, by: 500, of: budget)
        holder.shrink(by: 300)
        #expect(budget.waitingRequests == 1)
        holder.shrink(by: 100)
        #expect(await waiting.value)
        #expect(budget.usedBytes == 1000)
    }

    @Test func `patience that ends refuses`() async throws {
        let budget = MemoryBudget(limitBytes: 1000, clock: ImmediateClock())
        let holder = budget.lease()
        try await holder.grow(by: 1000)
        await #expect(throws: MemoryShortage.self) { try await budget.lease().grow(by: 500) }
        #expect(budget.waitingRequests == 0)
        #expect(budget.usedBytes == 1000)
    }

    @Test func `requests are served in the order of arrival`() async throws {
        let budget = MemoryBudget(limitBytes: 1000, patience: forever)
        let holder = budget.lease()
        try await holder.grow(by: 900)
        let large = budget.lease()
        let small = budget.lease()
        let first = await waitingGrow(large, by: 800, of: budget)
        // It would fit now, but stands behind one that came before.
        let second = await waitingGrow(small, by: 100, of: budget)
        #expect(budget.usedBytes == 900)
        holder.end()
        #expect(await first.value)
        #expect(await second.value)
        #expect(budget.usedBytes == 900)
    }

    @Test func `who holds memory already passes who holds none`() async throws {
        let budget = MemoryBudget(limitBytes: 1000, patience: forever)
        let holder = budget.lease()
        let other = budget.lease()
        try await holder.grow(by: 500)
        try await other.grow(by: 300)
        let newcomer = budget.lease()
        let waiting = await waitingGrow(newcomer, by: 600, of: budget)
        try await holder.grow(by: 200)
        #expect(budget.usedBytes == 1000)
        other.end()
        holder.end()
        #expect(await waiting.value)
    }

    @Test func `a small request passes a large one that waits`() async throws {
        let budget = MemoryBudget(limitBytes: 6400, patience: forever)
        let holder = budget.lease()
        try await holder.grow(by: 6000)
        let large = budget.lease()
        let waiting = await waitingGrow(large, by: 3000, of: budget)
        let small = budget.lease()
        try await small.grow(by: 100)
        #expect(budget.usedBytes == 6100)
        holder.end()
        #expect(await waiting.value)
    }

    @Test func `a cancelled request leaves the line to the next`() async throws {
        let budget = MemoryBudget(limitBytes: 1000, patience: forever)
        let holder = budget.lease()
        try await holder.grow(by: 900)
        let large = budget.lease()
        let small = budget.lease()
        let first = await waitingGrow(large, by: 800, of: budget)
        let second = await waitingGrow(small, by: 100, of: budget)
        first.cancel()
        #expect(await first.value == false)
        #expect(await second.value)
        #expect(budget.usedBytes == 1000)
    }

    @Test func `many requests at once never pass the limit and all end`() async throws {
        let budget = MemoryBudget(limitBytes: 1000, patience: forever)
        await withTaskGroup(of: Void.self) { group in
            for size in 1...200 {
                group.addTask {
                    let lease = budget.lease()
                    do {
                        try await lease.grow(by: size)
                        await Task.yield()
                    } catch {
                        Issue.record("refused: \(error)")
                    }
                    lease.end()
                }
            }
        }
        #expect(budget.usedBytes == 0)
        #expect(budget.waitingRequests == 0)
        #expect(budget.peakBytes <= 1000)
    }
}
