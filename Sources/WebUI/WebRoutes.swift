// WebRoutes.swift - the paths of the web page.

import HTTPTypes
public import Hummingbird
import NIOCore

/// Serves the web page: `index.html` at each path of a view, the other files below `/assets/`.
///
/// No key is asked for, since the files hold no data; the page asks for a key and uses it for the API.
public struct WebRoutes<Context: RequestContext>: Sendable {
    /// The paths at which people may arrive; the page decides by the path what it shows.
    public static var pages: [String] {
        [
            "/", "/traces", "/traces/:trace_id", "/calls", "/sessions", "/sessions/:session_id", "/users", "/prompts",
            "/models", "/dashboard", "/start",
        ]
    }

    private let index: WebFile?
    private let assets: [String: WebFile]

    /// Compresses the files that are part of the binary, which takes some milliseconds.
    public init() {
        self.init(WebFile.embedded())
    }

    init(_ files: [WebFile]) {
        index = files.first { $0.path == "index.html" }
        assets = Dictionary(files.filter { $0.path != "index.html" }.map { ($0.path, $0) }) { first, _ in first }
    }

    /// Adds the routes.
    ///
    /// - Parameter router: Where API and receivers are, too.
    public func add(to router: Router<Context>) {
        for page in Self.pages {
            serve(page, on: router) { _ in index }
        }
        serve("/assets/**", on: router) { context in
            assets[context.parameters.getCatchAll().joined(separator: "/")]
        }
    }

    private func serve(
        _ path: String,
        on router: Router<Context>,
        _ file: @escaping @Sendable (Context) -> WebFile?
    ) {
        for method in [HTTPRequest.Method.get, .head] {
            router.on(RouterPath(path), method: method) { request, context in
                guard let file = file(context) else { throw HTTPError(.notFound) }
                return file.answer(request)
            }
        }
        for method in Self.refused {
            router.on(RouterPath(path), method: method) { request, _ in Self.refusal(of: request.method) }
        }
    }

    /// Those that are registered, but for CONNECT, which names no path.
    private static var refused: [HTTPRequest.Method] { [.post, .put, .patch, .delete, .options, .trace] }

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
