// Repricing.swift - stored costs computed again.

import Foundation
import GRDB
import TraceAssembly
import TraceModel
public import TraceStore

extension SQLiteTraceStore {
    /// Traces that one call looks at.
    private static var slice: Int { 256 }
    /// How often a trace is read again that changes meanwhile.
    private static var attempts: Int { 8 }

    /// See `PriceKeeper`.
    public func reprice(after number: Int64) async throws(StoreError) -> RepriceProgress {
        var progress = RepriceProgress()
        let numbers = try await reader.tracesWithCalls(after: number, limit: Self.slice)
        for number in numbers {
            progress.traces += 1
            progress.calls += try await repriceOne(number)
        }
        progress.next = numbers.count < Self.slice ? nil : numbers.last
        return progress
    }

    private func repriceOne(_ number: Int64) async throws(StoreError) -> Int {
        for _ in 0..<Self.attempts {
            guard let loaded = try await reader.priced(number) else { return 0 }
            guard loaded.presentPrices != loaded.assembly.callPrices else { return 0 }
            let result = await withCheckedContinuation { continuation in
                if !queue.push(.reprice(loaded, continuation)) {
                    let closed = StoreError(code: .unavailable, message: "the server is shutting down")
                    continuation.resume(returning: .failure(closed))
                }
            }
            if let changed = try result.get() { return changed }
        }
        throw StoreError(
            code: .unavailable,
            message: "trace \(number) changes all the time: reprice again when less arrives"
        )
    }
}

extension SQLiteTraceReader {
    /// The numbers of traces that have to do with LLMs, in order.
    func tracesWithCalls(after number: Int64, limit: Int) async throws(StoreError) -> [Int64] {
        try await read { db in
            let sql = "SELECT trace_no FROM traces WHERE trace_no > ? AND has_llm=1 ORDER BY trace_no LIMIT ?"
            return try Int64.fetchAll(db.cachedStatement(sql: sql), arguments: [number, limit])
        }
    }

    /// A trace with what its calls cost by the prices of now; nil when it is gone.
    func priced(_ number: Int64) async throws(StoreError) -> LoadedTrace? {
        try await blocking { isCancelled in
            try loader.load(number, keepingVersions: false, pricing: true, isCancelled: isCancelled)
        }
    }
}
