// TraceRoutes.swift - the paths under /v1/traces and /v1/calls, and /v1/export.

import HTTPTypes
public import Hummingbird
import Logging
import OTLPCodec
public import TraceModel
public import TraceStore

/// The query API: traces, their spans, and calls; GET and HEAD.
///
/// `POST /v1/traces` belongs to the OTLP receiver; these routes answer 405 only on the paths below it.
public struct TraceRoutes<Context: RequestContext>: Sendable {
    private let reader: BoundedReader
    private let access: any AccessPolicy
    private let memory: any MemorySource

    /// Makes routes over a store.
    ///
    /// - Parameters:
    ///   - reader: Has to give up when its task is cancelled.
    ///   - access: Asked before anything is read.
    ///   - memory: Pays for an answer until its client has taken it.
    ///   - deadline: Longest time for one question to the store; then 503. Default: 10 s.
    ///   - clock: Measures the deadline.
    public init(
        reader: any TraceReader,
        access: any AccessPolicy = OpenAccess(),
        memory: any MemorySource = UnboundedMemory(),
        deadline: Duration = .seconds(10),
        clock: any Clock<Duration> = ContinuousClock()
    ) {
        self.reader = BoundedReader(reader: reader, deadline: deadline, clock: clock)
        self.access = access
        self.memory = memory
    }

    /// Adds the routes.
    public func add(to router: some RouterMethods<Context>) {
        add("/v1/traces", to: router, list)
        add("/v1/calls", to: router, calls)
        add("/v1/calls/:request_id", to: router, call)
        add("/v1/stats", to: router, stats)
        add("/v1/export", to: router, export)
        add("/v1/traces/:trace_id", to: router, detail)
        add("/v1/traces/:trace_id/spans", to: router, spans)
        add("/v1/traces/:trace_id/spans/:span_id", to: router, span)
        for path: RouterPath in [
            "/v1/traces/:trace_id", "/v1/traces/:trace_id/spans", "/v1/traces/:trace_id/spans/:span_id", "/v1/calls",
            "/v1/calls/:request_id", "/v1/stats", "/v1/export",
        ] {
            for method: HTTPRequest.Method in [.post, .put, .patch, .delete] {
                // Deleting a trace is served beside these routes.
                if path == "/v1/traces/:trace_id", method == .delete { continue }
                let allowed = path == "/v1/traces/:trace_id" ? "GET, HEAD, DELETE" : "GET, HEAD"
                router.on(path, method: method) { _, context in Self.refuse(method, allowed, context) }
            }
        }
    }

    private typealias Handler = @Sendable (TraceRequest) async throws -> Response

    private func add(_ path: RouterPath, to router: some RouterMethods<Context>, _ handler: @escaping Handler) {
        for method: HTTPRequest.Method in [.get, .head] {
            router.on(path, method: method) { request, context in
                let response = await answer(request, context, with: handler)
                return method == .head ? response.createHeadResponse() : response
            }
        }
    }

    private func answer(_ request: Request, _ context: Context, with handler: Handler) async -> Response {
        do {
            return try await handler(
                TraceRequest(
                    query: request.uri.query,
                    headers: request.headers,
                    grant: access.grant(.read, to: Credentials(requestOf: request.headers)),
                    logger: context.logger,
                    pathID: context.parameters.get("trace_id") ?? context.parameters.get("request_id"),
                    spanID: context.parameters.get("span_id")
                )
            )
        } catch {
            let answer = APIError(error)
            if answer.reason == .internal {
                // Of an unknown error the type only: its text may hold content.
                let reason = (error as? any CollectorError)?.message ?? "\(type(of: error))"
                context.logger.error("query failed", metadata: ["error.message": "\(reason)"])
            }
            return answer.response(requestID: context.id)
        }
    }

    private static func refuse(_ method: HTTPRequest.Method, _ allowed: String, _ context: Context) -> Response {
        let message = "\(method.rawValue) is not served here; allowed: \(allowed)"
        return APIError(reason: .methodNotAllowed, message: message)
            .response(requestID: context.id, headers: [.allow: allowed])
    }

    private enum View: String, CaseIterable {
        case traces
        case calls
    }

    /// Traces, unless `view` or a parameter that only calls have says otherwise.
    private func list(_ request: TraceRequest) async throws -> Response {
        let named: View? = try request.parameters.choice("view")
        let isOfCalls = request.parameters.contains(anyOf: CallQuery.ownParameters)
        // Which list is meant has to be clear: the parameters of one view alone.
        if named == nil, isOfCalls {
            try request.parameters.allowOnly(CallQuery.ownParameters.union(CallQuery.sharedParameters)) { name in
                "'\(name)' belongs to lists of traces here: ask /v1/calls, or with view=calls"
            }
        }
        switch named ?? (isOfCalls ? .calls : .traces) {
        case .calls: return try await calls(request)
        case .traces: return try await TraceListAnswer(reader: reader).response(to: request)
        }
    }

    private func calls(_ request: TraceRequest) async throws -> Response {
        let named: View? = try request.parameters.choice("view")
        guard named != .traces else { throw APIError.invalid("view", "traces are listed at /v1/traces") }
        return try await CallAnswer(reader: reader).list(for: request)
    }

    private func stats(_ request: TraceRequest) async throws -> Response {
        try await StatsAnswer(reader: reader).response(to: request)
    }

    private func call(_ request: TraceRequest) async throws -> Response {
        try await CallAnswer(reader: reader).detail(for: request)
    }

    private func export(_ request: TraceRequest) async throws -> Response {
        try await ExportAnswer(reader: reader, memory: memory).response(to: request)
    }

    private func detail(_ request: TraceRequest) async throws -> Response {
        if request.pathID.hasPrefix(CallID.prefix) { return try await call(request) }
        return try await TraceDetailAnswer(reader: reader, memory: memory).detail(for: request)
    }

    private func spans(_ request: TraceRequest) async throws -> Response {
        try await TraceDetailAnswer(reader: reader, memory: memory).spans(for: request)
    }

    private func span(_ request: TraceRequest) async throws -> Response {
        try await TraceDetailAnswer(reader: reader, memory: memory).span(for: request)
    }
}
