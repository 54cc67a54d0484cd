// WebPages.swift - the paths of the web page.

import HTTPTypes
public import Hummingbird
import NIOCore

/// Serves the web page: a document at each path of a view, the other files below `/assets/` and a digest of them all.
///
/// The document names the files of its own version, so that a browser may keep them for good: another version has other
/// paths. Those of a version that is gone are not found; a page that is still open then loads itself again.
///
/// No key is asked for, since the files hold no data; the page asks for a key and uses it for the API. It stands before
/// the router, since routes such as `/traces/:id` would hide a receiver behind `/traces/v1/traces`.
public struct WebPages<Context: RequestContext>: RouterMiddleware {
    /// The paths at which people may arrive, a name with a colon for any step; the page decides what it shows.
    public static var pages: [String] { WebDocument.pages.map(\.path) }

    private let files: [String: WebFile]
    private let documents: [(pattern: [Substring], file: WebFile)]

    /// Compresses the files that are part of the binary, which takes some milliseconds.
    public init() {
        let embedded = WebFile.embedded()
        let folder = WebDocument.assets + WebFile.digest(of: embedded) + "/"
        files = embedded.reduce(into: [:]) { files, file in
            if file.path != WebDocument.template { files[folder + file.path] = file }
        }
        documents = WebDocument.all(of: embedded, folder: folder).map { ($0.path.split(separator: "/"), $0) }
    }

    /// See `RouterMiddleware`.
    public func handle(
        _ request: Request,
        context: Context,
        next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        guard let (file, caching) = file(at: request.uri.path) else { return try await next(request, context) }
        guard [.get, .head].contains(request.method) else { return Self.refusal(of: request.method) }
        return file.answer(request, caching: caching)
    }

    private func file(at path: String) -> (WebFile, WebFile.Caching)? {
        // Most requests are for receivers and API.
        if path.hasPrefix("/v1/") { return nil }
        if path.hasPrefix(WebDocument.assets) { return files[path].map { ($0, .forGood) } }
        guard path.hasPrefix("/") else { return nil }
        let steps = path == "/" ? [] : path.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
        let document = documents.first { pattern, _ in
            pattern.count == steps.count
                && zip(pattern, steps).allSatisfy { $0 == $1 || ($0.hasPrefix(":") && !$1.isEmpty) }
        }
        return document.map { ($0.file, .asked) }
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
