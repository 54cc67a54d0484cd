// RecentPrices.swift - prices looked for again and again, found once.

import TraceModel

/// The prices found last, so that a call costs no search; each task keeps one of its own.
///
/// Bounded: it holds `capacity` names of bounded length, whatever is sent.
public struct RecentPrices: Sendable {
    /// How many queries it holds.
    public static let capacity = 128

    /// The table that is asked.
    public let table: PriceTable

    /// What is known about a query; apart from it, so that looking copies no names.
    private enum Answer {
        case unknown, unpriced, free
        case priced(PriceTarget)

        var isKnown: Bool {
            if case .unknown = self { false } else { true }
        }
    }

    private var queries: [PriceQuery]
    private var answers: [Answer]
    private var matches: [PriceMatch?]
    /// By which of its two places the next query is kept in.
    private var isOdd = false

    /// Makes an empty one.
    public init(_ table: PriceTable) {
        self.table = table
        queries = Array(repeating: PriceQuery(), count: Self.capacity)
        answers = Array(repeating: .unknown, count: Self.capacity)
        matches = Array(repeating: nil, count: Self.capacity)
    }

    /// The price for a call, as `PriceTable.match` finds it.
    ///
    /// - Parameter query: what the span says.
    /// - Returns: the match; nil when the model has no price.
    public mutating func match(_ query: PriceQuery) -> PriceMatch? {
        guard let place = place(of: query) else { return table.match(query) }
        return matches[place]
    }

    /// What a call costs.
    ///
    /// - Parameters:
    ///   - query: what the span says about provider and model.
    ///   - usage: what the call used.
    /// - Returns: the cost; nil when the model has no price, or the usage none.
    public mutating func cost(of query: PriceQuery, _ usage: PricedUsage) -> ComputedCost? {
        guard let place = place(of: query) else {
            return table.match(query).flatMap { table.cost(of: usage, by: $0) }
        }
        switch answers[place] {
        case .priced(let target): return table.cost(of: usage, by: target, isListed: false)?.cost
        case .free: return matches[place].map { table.free($0) }
        case .unpriced, .unknown: return nil
        }
    }

    /// Where the answer for the query stands, after it was looked for if need be; nil for names too long to keep.
    ///
    /// A query has two places, so that two names in turn do not drive each other out.
    @inline(__always)
    private mutating func place(of query: PriceQuery) -> Int? {
        let place = Self.spread(query) & (Self.capacity - 1)
        if holds(query, at: place) { return place }
        if holds(query, at: place ^ 1) { return place ^ 1 }
        isOdd.toggle()
        let next = answers[place].isKnown && isOdd ? place ^ 1 : place
        return remember(query, at: next) ? next : nil
    }

    @inline(__always)
    private func holds(_ query: PriceQuery, at place: Int) -> Bool {
        answers[place].isKnown && queries.withUnsafeBufferPointer { $0[place] == query }
    }

    private mutating func remember(_ query: PriceQuery, at place: Int) -> Bool {
        let length = [query.provider, query.host, query.responseModel, query.requestModel].reduce(0) {
            $0 + ($1?.utf8.count ?? 0)
        }
        guard length <= 1024 else { return false }
        let match = table.match(query)
        queries[place] = query
        matches[place] = match
        answers[place] = match.map { $0.target.map(Answer.priced) ?? .free } ?? .unpriced
        return true
    }

    @inline(__always)
    private static func spread(_ query: PriceQuery) -> Int {
        let spread = spread(query.responseModel ?? query.requestModel) &* 31 &+ spread(query.provider)
        return spread ^ spread >> 7
    }

    @inline(__always)
    private static func spread(_ text: String?) -> Int {
        text?.utf8.withContiguousStorageIfAvailable { UnsafeRawBufferPointer($0).spread } ?? 0
    }
}
