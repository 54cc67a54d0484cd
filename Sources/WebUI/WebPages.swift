// WebPages.swift - the paths of the web page.

import HTTPTypes
public import Hummingbird
import NIOCore

/// Serves the web page: `index.html` at each path of a view, the other files below `/assets/`.
///
/// No key is asked for, since the files hold no data; the page asks for a key and uses it for the API. It stands before
/// the router, since routes such as `/traces/:id` would hide a receiver behind `/traces/v1/traces`.
public struct WebPages<Context: RequestContext>: RouterMiddleware {
    /// The paths at which people may arrive, a name with a colon for any step; the page decides what it shows.
    public static var pages: [String] {
        [
            "/", "/traces", "/traces/:trace_id", "/calls", "/sessions", "/sessions/:session_id", "/users", "/prompts",
            "/models", "/dashboard", "/start",
        ]
    }

    private let files: [String: WebFile]
    private let index: WebFile?
    private let patterns: [[Substring]]

    /// Compresses the files that are part of the binary, which takes some milliseconds.
    public init() {
        let embedded = WebFile.embedded()
        index = embedded.first { $0.path == "index.html" }
        files = embedded.reduce(into: [:]) { files, file in
            if file.path != "index.html" { files["/assets/" + file.path] = file }
        }
        patterns = Self.pages.map { $0.split(separator: "/") }
    }

    /// See `RouterMiddleware`.
    public func handle(
        _ request: Request,
        context: Context,
        next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        guard let file = file(at: request.uri.path) else { return try await next(request, context) }
        guard [.get, .head].contains(request.method) else { return Self.refusal(of: request.method) }
        return file.answer(request)
    }

    private func file(at path: String) -> WebFile? {
        // Most requests are for receivers and API.
        if path.hasPrefix("/v1/") { return nil }
        if path.hasPrefix("/assets/") { return files[path] }
        let steps = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
        if path == "/" { return index }
        let isPage = patterns.contains { pattern in
            pattern.count == steps.count
                && zip(pattern, steps).allSatisfy { $0 == $1 || ($0.hasPrefix(":") && !$1.isEmpty) }
        }
        return isPage ? index : nil
    }

    /// RFC 9110, section 15.5.6.
    private static func refusal(of method: HTTPRequest.Method) -> Response {
        var headers = WebHeaders.all
        headers[.allow] = "GET, HEAD"
        headers[.contentType] = "application/json"
        let message = "\(method.rawValue) is not served here; allowed: GET, HEAD"
        let body = #"{"error":{"code":"method_not_allowed","message":"\#(message)"}}"#
        return Response(
            status: .methodNotAllowed,
            headers: headers,
            body: ResponseBody(byteBuffer: ByteBuffer(string: body))
        )
    }
}
