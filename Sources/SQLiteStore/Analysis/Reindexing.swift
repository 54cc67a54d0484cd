// Reindexing.swift - what parts can be found by, made again.

import TraceModel
public import TraceStore

extension SQLiteTraceStore {
    /// Parts that one call puts into the queue, about.
    private static var slice: Int { 2048 }

    /// See `IndexKeeper`.
    public func reindex(after part: Int64?) async throws(StoreError) -> ReindexProgress {
        let result = await withCheckedContinuation { continuation in
            if !queue.push(.reindex(after: part, limit: Self.slice, continuation)) {
                let closed = StoreError(code: .unavailable, message: "the server is shutting down")
                continuation.resume(returning: .failure(closed))
            }
        }
        return try result.get()
    }

    /// See `IndexKeeper`.
    public func indexLag() async -> IndexLag {
        textLag
    }

    /// What is still to be looked through.
    public var textLag: IndexLag {
        IndexLag(parts: backlog.count, seconds: backlog.age)
    }
}
