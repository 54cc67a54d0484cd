// TraceRequest.swift - what these routes use of an HTTP request.

import HTTPTypes
import Logging
import TraceModel
import TraceStore

/// What these routes use of an HTTP request.
struct TraceRequest: Sendable {
    /// The query parameters.
    let parameters: QueryParameters
    /// Which projects are read.
    let scope: ProjectScope
    /// Carries the request's id.
    let logger: Logger
    /// The trace, call or session that the path names, as it stands there.
    let pathID: String
    private let spanID: String

    init(
        query: String?,
        headers: HTTPFields,
        grant: AccessGrant,
        logger: Logger,
        pathID: String?,
        spanID: String?
    ) throws(APIError) {
        self.logger = logger
        parameters = try QueryParameters(query)
        scope = try ProjectScope(headers: headers, parameters: parameters, grant: grant)
        self.pathID = pathID ?? ""
        self.spanID = spanID ?? ""
    }

    /// The trace that the path names.
    func trace() throws(APIError) -> TraceID {
        if let id = TraceID(hex: pathID) { return id }
        if pathID.hasPrefix(CallID.prefix) {
            throw APIError(
                reason: .callNotFound,
                message: "calls have no spans below them; ask /v1/calls/\(CallID.prefix)..."
            )
        }
        throw .notFound("no such trace; a trace id is 32 hex digits, not all zero")
    }

    /// The span that the path names.
    func span() throws(APIError) -> SpanID {
        guard let id = SpanID(hex: spanID) else {
            throw .notFound("no such span; a span id is 16 hex digits, not all zero")
        }
        return id
    }
}
