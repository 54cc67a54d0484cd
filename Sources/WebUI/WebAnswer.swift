// WebAnswer.swift - how a file of the page is answered.

import HTTPTypes
import Hummingbird
import NIOCore

extension WebFile {
    /// How long a browser may use what it has.
    enum Caching: String {
        /// Until the server was asked whether it is still the same.
        case asked = "no-cache"
        /// Without asking (RFC 8246): the path says which version it is.
        case forGood = "public, max-age=31536000, immutable"
    }

    /// The answer to `GET` and `HEAD`: compressed where the client takes that, 304 where it has the file already.
    func answer(_ request: Request, caching: Caching) -> Response {
        let takesGzip = Self.takesGzip(request.headers[values: .acceptEncoding])
        let form = takesGzip ? gzip ?? plain : plain
        var headers = WebHeaders.all
        headers[.eTag] = form.tag
        headers[.cacheControl] = caching.rawValue
        headers[.vary] = "Accept-Encoding"
        if Self.isKnown(form.tag, request.headers[values: .ifNoneMatch]) {
            return Response(status: .notModified, headers: headers)
        }
        headers[.contentType] = contentType
        if takesGzip, gzip != nil { headers[.contentEncoding] = "gzip" }
        let response = Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: form.bytes))
        return request.method == .head ? response.createHeadResponse() : response
    }

    /// RFC 9110, section 13.1.2: weak comparison.
    private static func isKnown(_ tag: String, _ fields: [String]) -> Bool {
        elements(fields).contains { $0 == tag || $0 == "W/" + tag || $0 == "*" }
    }

    /// RFC 9110, section 12.5.3; a weight of 0 means "not this".
    static func takesGzip(_ fields: [String]) -> Bool {
        var any = false
        for element in elements(fields) {
            let parts = element.lowercased().split(separator: ";")
            guard let coding = parts.first, ["gzip", "x-gzip", "*"].contains(coding) else { continue }
            let weight = parts.dropFirst().first { $0.hasPrefix("q=") }.flatMap { Double($0.dropFirst(2)) } ?? 1
            if coding != "*" { return weight > 0 }
            any = weight > 0
        }
        return any
    }

    private static func elements(_ fields: [String]) -> [String] {
        fields.joined(separator: ",").split(separator: ",").map { $0.filter { $0 != " " && $0 != "\t" } }
    }
}
