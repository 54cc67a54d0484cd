// PriceKeeper.swift - computing stored costs again.

/// How far a reprice has come.
public struct RepriceProgress: Sendable, Equatable, Codable {
    /// The number of the last trace that was looked at; nil when there are no more.
    public var next: Int64?
    /// Traces with calls that were looked at.
    public var traces = 0
    /// Calls whose computed cost changed.
    public var calls = 0

    /// Makes a start.
    public init() {}
}

/// Keeps what calls cost by the price table, from their arrival until it is computed again on purpose.
public protocol PriceKeeper: Sendable {
    /// Computes the costs of some stored traces again, by the prices of now; what they were on arrival stays beside them.
    ///
    /// - Parameter number: The traces after this one, at most some hundred of them.
    /// - Returns: What was done; its `next` is where to go on.
    /// - Throws: `StoreError`, `unavailable` when the store cannot read or write.
    func reprice(after number: Int64) async throws(StoreError) -> RepriceProgress
}
