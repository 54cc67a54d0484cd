// ExportLease.swift - what an export holds of the memory for answers.

import TraceModel

/// The share of an export: what every one takes from beginning to end, and what a large trace takes besides.
struct ExportLease: Sendable {
    /// A slice in all its forms, and the page of the list.
    private static let bytesOfExport = 4 << 20
    /// Of a trace that takes less nothing is counted.
    private static let little = 1 << 20
    /// How often it waits for room; each time about a second.
    private static let mostTries = 60

    private let base: any MemoryLease

    /// Makes a share that holds nothing yet.
    init(_ base: any MemoryLease) {
        self.base = base
    }

    /// Takes what every export takes.
    ///
    /// - Throws: `MemoryShortage`.
    func begin() async throws(MemoryShortage) {
        try await base.grow(by: Self.bytesOfExport)
    }

    /// Takes what a trace takes; waits longer for it than a request would, since half an export is of no use.
    func take(_ bytes: Int) async throws {
        guard bytes > Self.little else { return }
        var tries = 1
        while tries < Self.mostTries {
            try Task.checkCancellation()
            if await hasTaken(bytes) { return }
            tries += 1
        }
        try await base.grow(by: bytes)
    }

    /// Not inlined: the optimiser of Swift 6.3 fails on the loop with this in it.
    @inline(never)
    private func hasTaken(_ bytes: Int) async -> Bool {
        do {
            try await base.grow(by: bytes)
            return true
        } catch {
            return false
        }
    }

    /// Gives back what a trace took.
    func giveBack(_ bytes: Int) {
        if bytes > Self.little { base.shrink(by: bytes) }
    }

    /// Gives everything back.
    func end() {
        base.end()
    }
}
