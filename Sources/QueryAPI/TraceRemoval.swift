// TraceRemoval.swift - a deletion by filter, as the query of a URL asks for it.

import OTLPCodec
import TraceModel
public import TraceStore

/// A deletion of the traces that match filters: those of `GET /v1/traces`.
public struct TraceRemoval: Sendable {
    /// What a deletion came to.
    public struct Outcome: Sendable, Equatable {
        /// Traces that were deleted, or would be.
        public var deleted = 0
        /// Whether the same request would go on.
        public var hasMore = false
    }

    private let query: TraceQuery
    private let isDryRun: Bool

    /// Reads the query of a URL.
    ///
    /// - Parameters:
    ///   - text: As it stands behind the `?`.
    ///   - scope: In which projects; what the query names must be among them.
    /// - Throws: A `CollectorError` with code `invalid` when it cannot be read, or names no filter and not `all=true`.
    public init(query text: String?, scope: ProjectScope = .all) throws {
        let parameters = try QueryParameters(text)
        let named = parameters["project"].map { ProjectScope.only($0) }
        try self.init(parameters, scope: scope == .all ? named ?? .all : scope)
    }

    init(_ parameters: QueryParameters, scope: ProjectScope) throws(APIError) {
        for name in ["count", "cursor", "limit", "order", "sort", "view"] where parameters[name] != nil {
            throw .invalid(name, "'\(name)' has no meaning for a deletion: it takes every trace that matches")
        }
        isDryRun = try parameters.isTrue("dry_run")
        let isAll = try parameters.isTrue("all")
        let filters = parameters.without(["all", "dry_run"])
        query = try TraceQuery(filters, scope: scope)
        guard filters.without(["project"]).isEmpty else { return }
        guard isAll else {
            throw APIError(
                reason: .invalidRequest,
                message: "without a filter every trace would be deleted; say so with all=true",
                parameter: "all"
            )
        }
    }

    /// Deletes, or counts.
    ///
    /// - Parameters:
    ///   - store: Where the traces are.
    ///   - isOver: Asked between two slices whether to stop and leave the rest.
    ///   - onProgress: Told how many were deleted so far.
    /// - Returns: What it came to.
    /// - Throws: `StoreError`.
    public func run(
        on store: any TraceReader & TraceRemover,
        isOver: () -> Bool = { false },
        onProgress: (Int) -> Void = { _ in }
    ) async throws -> Outcome {
        if isDryRun { return Outcome(deleted: try await Self.count(query, store)) }
        var outcome = Outcome(hasMore: true)
        var query = query
        while outcome.hasMore {
            try Task.checkCancellation()
            let step = try await Self.remove(query, store)
            outcome.deleted += step.deleted
            outcome.hasMore = step.next != nil
            query.after = step.next
            onProgress(outcome.deleted)
            if isOver() { break }
        }
        return outcome
    }

    // Never inlined, these two: the optimiser of Swift 6.3 fails on what becomes of their caller then.

    @inline(never)
    private static func count(_ query: TraceQuery, _ store: any TraceReader & TraceRemover) async throws -> Int {
        var query = query
        query.limit = 1
        query.isCounted = true
        return try await store.traces(matching: query).total ?? 0
    }

    @inline(never)
    private static func remove(
        _ query: TraceQuery,
        _ store: any TraceReader & TraceRemover
    ) async throws -> RemovalProgress {
        try await store.removeTraces(matching: query)
    }
}
