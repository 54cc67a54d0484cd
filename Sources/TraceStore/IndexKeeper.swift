// IndexKeeper.swift - making the text index again.

/// How far the preparation of a new index has come.
public struct ReindexProgress: Sendable, Equatable, Codable {
    /// The last part that was put into the queue; nil when there are no more.
    public var next: Int64?
    /// Parts that were put into the queue.
    public var parts = 0

    /// Makes a start.
    public init() {}
}

/// What is still to be looked through for the text index and the other ways to find spans.
public struct IndexLag: Sendable, Equatable, Codable {
    /// Stored parts that nothing finds yet: what one request brought for one trace.
    public var parts: Int
    /// How long the one that waits longest has been waiting, in seconds, about.
    public var seconds: Double

    /// Makes a lag.
    public init(parts: Int = 0, seconds: Double = 0) {
        self.parts = parts
        self.seconds = seconds
    }
}

/// Keeps what spans are found by: words, attributes, prompts, tools.
public protocol IndexKeeper: Sendable {
    /// Forgets what some stored parts are found by, and lets them be looked through again.
    ///
    /// - Parameter part: The parts after this one, at most some thousand of them; nil for the first, which also empties
    ///   the text index.
    /// - Returns: What was done; its `next` is where to go on.
    /// - Throws: `StoreError`, `unavailable` when the store cannot write.
    func reindex(after part: Int64?) async throws(StoreError) -> ReindexProgress

    /// How far the index is behind.
    func indexLag() async -> IndexLag
}
