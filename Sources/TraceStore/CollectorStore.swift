// CollectorStore.swift - a store as the collector owns it.

/// A store that the collector opened and has to close.
public protocol CollectorStore: TraceWriter, TraceReader, KeyStore, PriceKeeper, IndexKeeper, TraceRemover {
    /// Tells of traces that were written.
    var feed: any TraceFeed { get }

    /// Returns when everything that is read at a start has been; what needs it waits for that too.
    ///
    /// - Throws: `StoreError` when it cannot be read: then every write fails, and so does each look-up of a trace.
    func whenReady() async throws(StoreError)

    /// Finishes what was begun and gives the store free for others; the last call that it gets.
    ///
    /// Every write has returned before. Calling it again does nothing.
    func close() async
}

extension CollectorStore {
    /// Of a store that tells of nothing.
    public var feed: any TraceFeed { SilentFeed() }

    /// Of a store that reads nothing.
    public func whenReady() async throws(StoreError) {}
}
