// FallbackErrorMiddleware.swift - an answer where nobody else gave one.

import HTTPTypes
import Hummingbird
import Logging
import TraceModel

/// Turns what nobody else answered into JSON.
struct FallbackErrorMiddleware<Context: RequestContext>: RouterMiddleware {
    func handle(
        _ request: Request,
        context: Context,
        next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let error as HTTPError where error.status == .notFound {
            let path = request.uri.path.prefix(200)
            let body = ErrorBody(code: "not_found", message: "nothing is served at \(request.method) \(path)")
            return try .json(.notFound, body, to: request)
        } catch let error as HTTPError where error.status.code < 500 {
            let body = ErrorBody(code: "invalid_request", message: error.body ?? error.status.reasonPhrase)
            return try .json(error.status, body, to: request)
        } catch let error as any CollectorError where error.code.isRetryable {
            let body = ErrorBody(code: "storage_unavailable", message: error.message)
            return try .json(.serviceUnavailable, body, to: request)
        } catch let error as any CollectorError {
            // `context.id` would stop the process where a log handler keeps no metadata.
            let id = context.logger[metadataKey: "hb.request.id"]?.description ?? "unknown"
            context.logger.error("request failed", metadata: ["error.message": "\(error.message)"])
            let body = ErrorBody(code: "internal", message: "internal error (request id \(id))")
            return try .json(.internalServerError, body, to: request)
        }
    }
}
