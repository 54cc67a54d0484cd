// TraceRemovalRoutes.swift - DELETE on /v1/traces and /v1/traces/:trace_id.

import HTTPTypes
public import Hummingbird
import Logging
import OTLPCodec
public import TraceModel
public import TraceStore

/// Deletes traces; for those who may administer.
public struct TraceRemovalRoutes<Store: TraceReader & TraceRemover, Context: RequestContext>: Sendable {
    private let store: Store
    private let access: any AccessPolicy
    private let deadline: Duration

    /// Makes routes over a store.
    ///
    /// - Parameters:
    ///   - store: Where the traces are.
    ///   - access: Asked before anything is deleted.
    ///   - deadline: How long one request goes on deleting; then it answers `has_more`. Default: 10 s.
    public init(store: Store, access: any AccessPolicy = OpenAccess(), deadline: Duration = .seconds(10)) {
        self.store = store
        self.access = access
        self.deadline = deadline
    }

    /// Adds the routes.
    public func add(to router: some RouterMethods<Context>) {
        router.delete("/v1/traces") { request, context in
            await answer(request, context) { try await deleteMatching($0) }
        }
        router.delete("/v1/traces/:trace_id") { request, context in
            await answer(request, context) { try await deleteOne($0) }
        }
    }

    private func answer(
        _ request: Request,
        _ context: Context,
        with handler: (TraceRequest) async throws -> Response
    ) async -> Response {
        do {
            return try await handler(
                TraceRequest(
                    query: request.uri.query,
                    headers: request.headers,
                    grant: access.grant(.admin, to: Credentials(requestOf: request.headers)),
                    logger: context.logger,
                    pathID: context.parameters.get("trace_id"),
                    spanID: nil
                )
            )
        } catch {
            let answer = APIError(error)
            if answer.reason == .internal {
                // Of an unknown error the type only: its text may hold content.
                let reason = (error as? any CollectorError)?.message ?? "\(type(of: error))"
                context.logger.error("deletion failed", metadata: ["error.message": "\(reason)"])
            }
            return answer.response(requestID: context.id)
        }
    }

    private func deleteMatching(_ request: TraceRequest) async throws -> Response {
        let removal = try TraceRemoval(request.parameters, scope: request.scope)
        // What is begun is finished: an answer comes in time also when the last slice takes long.
        let end = ContinuousClock.now + deadline * 0.8
        return Self.response(try await removal.run(on: store, isOver: { ContinuousClock.now >= end }))
    }

    private func deleteOne(_ request: TraceRequest) async throws -> Response {
        try request.parameters.allowOnly(["project", "dry_run"])
        let isDryRun = try request.parameters.isTrue("dry_run")
        let count = try await store.removeTraces(of: try request.trace(), in: request.scope, isDryRun: isDryRun)
        guard count > 0 else { throw APIError.notFound("no such trace") }
        return Self.response(TraceRemoval.Outcome(deleted: count))
    }

    private static func response(_ outcome: TraceRemoval.Outcome) -> Response {
        var json: [UInt8] = []
        json.append(raw: "{\"deleted\":")
        json.appendJSON(outcome.deleted)
        if outcome.hasMore { json.append(raw: ",\"has_more\":true") }
        json.append(raw: "}")
        return Response(json: json)
    }
}
