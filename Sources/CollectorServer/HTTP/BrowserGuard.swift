// BrowserGuard.swift - what pages of other sites may make a browser do here.

import Foundation
import HTTPTypes
import Hummingbird
import OTLPReceiver
import TraceModel

/// Keeps pages of other sites away from a collector on somebody's own machine.
///
/// - A page can make its own name resolve to 127.0.0.1 (DNS rebinding): on loopback the `Host` must be a name of this
///   machine.
/// - A page can post to 127.0.0.1 without asking: what changes something must not come from a foreign origin.
/// - CORS is off unless origins are named (Fetch standard, CORS protocol).
struct BrowserGuard<Context: RequestContext>: RouterMiddleware {
    /// Where HTTP is served; the check of `Host` is for loopback alone.
    let listening: ListenAddress
    let allowedHosts: Set<HostName>
    /// Origins in lower case; `*` for any.
    let corsOrigins: Set<String>

    /// Paths of probes, which need no name.
    private let unguarded: Set<String> = ["/health", "/ready"]

    init(config: CollectorConfig) {
        listening = config.http
        allowedHosts = Set((config.allowedHosts + ["host.docker.internal"]).map { HostName($0) })
        corsOrigins = Set(config.corsOrigins.map { $0.lowercased() })
    }

    func handle(
        _ request: Request,
        context: Context,
        next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        let path = request.uri.path
        if unguarded.contains(path) { return try await next(request, context) }
        if let refusal = foreignHost(request) ?? foreignOrigin(request) {
            return try OTLPRefusal.answer(to: request, refusal) ?? forbidden(refusal, request)
        }
        guard let origin = request.headers[.origin], isNamed(origin) else { return try await next(request, context) }
        if request.method == .options, request.headers[.accessControlRequestMethod] != nil { return preflight(origin) }
        var response = try await next(request, context)
        allow(origin, &response)
        return response
    }

    private func foreignHost(_ request: Request) -> ReceiverError? {
        guard listening.isLoopback, let field = request.head.authority, !field.isEmpty else { return nil }
        let host = HostName(field)
        guard !host.isLoopback, !allowedHosts.contains(host) else { return nil }
        return ReceiverError(
            code: .forbidden,
            message: "the Host of this request is no name of this machine; if it should be, start skein with "
                + "--allowed-host NAME (SKEIN_ALLOWED_HOSTS)",
            field: "Host"
        )
    }

    private func foreignOrigin(_ request: Request) -> ReceiverError? {
        guard ![.get, .head, .options].contains(request.method), let origin = request.headers[.origin],
            !isNamed(origin), !isSame(origin, request)
        else { return nil }
        return ReceiverError(
            code: .forbidden,
            message: "a page of another origin may not write here; if it should, start skein with --cors-origin ORIGIN "
                + "(SKEIN_CORS_ORIGINS)",
            field: "Origin"
        )
    }

    /// Whether the page came from this server: the same host and port.
    private func isSame(_ origin: String, _ request: Request) -> Bool {
        guard let authority = request.head.authority?.lowercased(), let scheme = origin.range(of: "://") else {
            return false
        }
        return origin[scheme.upperBound...].lowercased() == authority
    }

    private func isNamed(_ origin: String) -> Bool {
        corsOrigins.contains("*") || corsOrigins.contains(origin.lowercased())
    }

    private func preflight(_ origin: String) -> Response {
        var response = Response(status: .noContent)
        allow(origin, &response)
        response.headers[.accessControlAllowMethods] = "POST, GET, DELETE, OPTIONS"
        response.headers[.accessControlAllowHeaders] =
            "content-type, content-encoding, authorization, x-api-key, x-skein-project, last-event-id, traceparent, tracestate"
        response.headers[.accessControlMaxAge] = "7200"
        return response
    }

    private func allow(_ origin: String, _ response: inout Response) {
        response.headers[.accessControlAllowOrigin] = origin
        response.headers.append(HTTPField(name: .vary, value: "Origin"))
    }

    private func forbidden(_ refusal: ReceiverError, _ request: Request) throws -> Response {
        try .json(.forbidden, ErrorBody(code: "forbidden", message: refusal.message), to: request)
    }
}

extension HTTPField.Name {
    /// `Access-Control-Allow-Headers`, `-Methods` and `-Max-Age`, which are not all named by the library.
    fileprivate static var accessControlMaxAge: HTTPField.Name { known("access-control-max-age") }
    fileprivate static var accessControlAllowHeaders: HTTPField.Name { known("access-control-allow-headers") }
    fileprivate static var accessControlAllowMethods: HTTPField.Name { known("access-control-allow-methods") }

    private static func known(_ name: String) -> HTTPField.Name {
        guard let name = HTTPField.Name(name) else { preconditionFailure("\(name) is a valid field name") }
        return name
    }
}
