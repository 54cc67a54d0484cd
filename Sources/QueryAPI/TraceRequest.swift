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
    private let traceID: String
    private let spanID: String

    init(
        query: String?,
        headers: HTTPFields,
        grant: AccessGrant,
        logger: Logger,
        traceID: String?,
        spanID: String?
    ) throws(APIError) {
        self.logger = logger
        parameters = try QueryParameters(query)
        scope = try ProjectScope(headers: headers, parameters: parameters, grant: grant)
        self.traceID = traceID ?? ""
        self.spanID = spanID ?? ""
    }

    /// The trace that the path names.
    func trace() throws(APIError) -> TraceID {
        if let id = TraceID(hex: traceID) { return id }
        if traceID.hasPrefix("t_") {
            throw APIError(
                reason: .callNotFound,
                message: "no such call; this version does not serve the call view yet"
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
