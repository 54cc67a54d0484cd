// DocumentRoutes.swift - the contract of everything that is served.

import CAssets
import Crypto
import HTTPTypes
import Hummingbird
import NIOCore
import TraceModel

/// `GET /openapi.json`: OpenAPI 3.1 of every path, for everybody.
struct DocumentRoutes<Context: RequestContext>: Sendable {
    private let document: ByteBuffer
    private let tag: String

    init() {
        var size = 0
        let bytes = skein_openapi_json(&size)
        document = ByteBuffer(bytes: UnsafeBufferPointer(start: bytes, count: size))
        tag = "\"" + SHA256.hash(data: document.readableBytesView).prefix(16).hexText + "\""
    }

    /// The document as JSON; nil never, since a test reads it.
    var value: JSONValue? { JSONValue(String(buffer: document)) }

    func add(to router: some RouterMethods<Context>) {
        router.get("/openapi.json") { request, _ in answer(request) }
        router.head("/openapi.json") { request, _ in answer(request).createHeadResponse() }
    }

    /// A client that has it already is told so (RFC 9110, section 13.1.2).
    private func answer(_ request: Request) -> Response {
        let known = request.headers[values: .ifNoneMatch].joined(separator: ",").split(separator: ",").map {
            $0.filter { $0 != " " }
        }
        if known.contains(where: { $0 == tag || $0 == "W/" + tag || $0 == "*" }) {
            return Response(status: .notModified, headers: [.eTag: tag])
        }
        return Response(
            status: .ok,
            headers: [.contentType: "application/json", .eTag: tag, .cacheControl: "no-cache"],
            body: ResponseBody(byteBuffer: document)
        )
    }
}
