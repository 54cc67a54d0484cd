// TraceRemover.swift - deleting traces before their time.

public import TraceModel

/// What a deletion by filter has done so far.
public struct RemovalProgress: Sendable, Equatable, Codable {
    /// Traces that were deleted, or would be.
    public var deleted = 0
    /// Where to go on; nil when nothing that matches is left.
    public var next: TracePosition?

    /// Makes a start.
    public init() {}
}

/// Deletes traces with everything that is stored of them.
///
/// A trace that is deleted is gone from every answer at once, whole; the space that it took is given back afterwards.
/// Spans that arrive for it later begin a new trace.
public protocol TraceRemover: Sendable {
    /// Deletes the traces of an id.
    ///
    /// - Parameters:
    ///   - id: The trace.
    ///   - scope: In which projects.
    ///   - isDryRun: Whether they are only counted.
    /// - Returns: How many there were: one for each project that had it.
    /// - Throws: `StoreError`, `unavailable` when the store cannot read or write.
    func removeTraces(of id: TraceID, in scope: ProjectScope, isDryRun: Bool) async throws(StoreError) -> Int

    /// Deletes some of the traces that match a query, in its order.
    ///
    /// - Parameter query: Its limit is not looked at; it goes on after its position.
    /// - Returns: What was deleted; its `next` is where to go on.
    /// - Throws: `StoreError`, `unavailable` when the store cannot read or write.
    func removeTraces(matching query: TraceQuery) async throws(StoreError) -> RemovalProgress
}
