// WebPagesTests.swift - how the page is served.

import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import OTLPCodec
import Testing
import TraceModel

@testable import WebUI

struct WebPagesTests {
    private static func run(
        _ test: @Sendable @escaping (any TestClientProtocol) async throws -> Void
    ) async throws {
        let router = Router(context: BasicRequestContext.self)
        router.add(middleware: WebPages())
        try await Application(router: router).test(.router, test)
    }

    /// Where the files of this version are.
    private static let folder = "/assets/\(WebFile.digest(of: WebFile.embedded()))/"

    @Test(arguments: WebPages<BasicRequestContext>.pages)
    func `every page is the one document, with headers that keep foreign code out`(_ page: String) async throws {
        let path = page.replacing(":trace_id", with: "5bf92f3577b34da6a3ce929d0e0e0001")
            .replacing(":session_id", with: "a%2Fb")
        try await Self.run { client in
            try await client.execute(uri: path, method: .get) { answer in
                #expect(answer.status == .ok)
                #expect(answer.headers[.contentType] == "text/html; charset=utf-8")
                #expect(String(buffer: answer.body).hasPrefix("<!doctype html>"))
                let policy = try #require(answer.headers[.contentSecurityPolicy])
                #expect(policy.contains("default-src 'none'; script-src 'self'; style-src 'self';"))
                #expect(policy.contains("frame-ancestors 'none'"))
                #expect(!policy.contains("unsafe"))
                #expect(answer.headers[.xContentTypeOptions] == "nosniff")
                #expect(answer.headers[Self.referrerPolicy] == "no-referrer")
                #expect(answer.headers[.cacheControl] == "no-cache")
                #expect(answer.headers[.vary] == "Accept-Encoding")
                let text = String(buffer: answer.body)
                let files = text.matches(of: /"(\/assets\/[^"]+)"/).map { String($0.1) }
                #expect(files.allSatisfy { $0.hasPrefix(Self.folder) })
                #expect(text.contains(#"<link rel="modulepreload" href="\#(Self.folder)js/router.js">"#))
                for file in Set(files) {
                    #expect(try await client.execute(uri: file, method: .head).status == .ok, "\(file)")
                }
            }
        }
    }

    @Test func `a browser keeps files for good, and asks for the document each time`() async throws {
        try await Self.run { client in
            let file = try await client.execute(uri: Self.folder + "js/dom.js", method: .get)
            #expect(file.headers[.cacheControl] == "public, max-age=31536000, immutable")
            let page = try await client.execute(uri: "/calls", method: .get)
            let tag = try #require(page.headers[.eTag])
            let again = try await client.execute(uri: "/calls", method: .get, headers: [.ifNoneMatch: tag])
            #expect(again.status == .notModified)
            #expect(again.headers[.cacheControl] == "no-cache")
        }
    }

    @Test func `a page is told of its own modules, not of those of others`() async throws {
        try await Self.run { client in
            let list = String(buffer: try await client.execute(uri: "/", method: .get).body)
            let trace = String(
                buffer: try await client.execute(uri: "/traces/5bf92f3577b34da6a3ce929d0e0e0001", method: .get).body
            )
            #expect(list.contains("js/list/grid.js") && !list.contains("js/trace/waterfall.js"))
            #expect(trace.contains("js/trace/waterfall.js") && !trace.contains("js/list/grid.js"))
        }
    }

    @Test func `a file that the browser has is not sent again`() async throws {
        try await Self.run { client in
            let first = try await client.execute(uri: Self.folder + "js/dom.js", method: .get)
            let tag = try #require(first.headers[.eTag])
            #expect(tag.hasPrefix("\""))
            for known in [tag, "W/" + tag, "\"other\", " + tag, "*"] {
                let again = try await client.execute(
                    uri: Self.folder + "js/dom.js",
                    method: .get,
                    headers: [.ifNoneMatch: known]
                )
                #expect(again.status == .notModified, "\(known)")
                #expect(again.body.readableBytes == 0)
                #expect(again.headers[.eTag] == tag)
                #expect(again.headers[.contentSecurityPolicy] != nil)
            }
            let gzip = try await client.execute(
                uri: Self.folder + "js/dom.js",
                method: .get,
                headers: [.ifNoneMatch: tag, .acceptEncoding: "gzip"]
            )
            #expect(gzip.status == .ok)
        }
    }

    @Test func `compressed files are the plain ones`() async throws {
        try await Self.run { client in
            for file in WebFile.embedded() where file.path != "index.html" {
                let plain = try await client.execute(uri: Self.folder + file.path, method: .get)
                #expect(plain.status == .ok, "\(file.path)")
                #expect(plain.headers[.contentEncoding] == nil)
                #expect(plain.headers[.contentType] == file.contentType)
                let sent = try await client.execute(
                    uri: Self.folder + file.path,
                    method: .get,
                    headers: [.acceptEncoding: "br, gzip;q=0.5"]
                )
                #expect(sent.headers[.contentEncoding] == (file.gzip == nil ? nil : "gzip"))
                #expect(sent.headers[.eTag] != plain.headers[.eTag] || file.gzip == nil)
                let body = file.gzip == nil ? sent.body : try Self.inflate(sent.body)
                #expect(body == plain.body, "\(file.path)")
            }
        }
    }

    @Test(arguments: [
        (["gzip"], true), (["GZIP"], true), (["br", "gzip"], true), (["*"], true), (["gzip;q=0"], false),
        (["gzip; q=0.000, *"], false), (["identity"], false), ([], false), (["*;q=0"], false),
    ])
    func `gzip goes to those who take it`(_ fields: [String], _ takes: Bool) {
        #expect(WebFile.takesGzip(fields) == takes)
    }

    @Test func `HEAD says the same without a body`() async throws {
        try await Self.run { client in
            for path in ["/", Self.folder + "style.css"] {
                let whole = try await client.execute(uri: path, method: .get)
                let head = try await client.execute(uri: path, method: .head)
                #expect(head.status == .ok)
                #expect(head.body.readableBytes == 0)
                #expect(head.headers[.eTag] == whole.headers[.eTag])
                #expect(head.headers[.contentLength] == "\(whole.body.readableBytes)")
            }
        }
    }

    @Test(arguments: [HTTPRequest.Method.post, .put, .delete, .patch, .options])
    func `other methods are refused`(_ method: HTTPRequest.Method) async throws {
        try await Self.run { client in
            for path in ["/", "/traces/5bf92f3577b34da6a3ce929d0e0e0001", Self.folder + "js/dom.js"] {
                let answer = try await client.execute(uri: path, method: method)
                #expect(answer.status == .methodNotAllowed)
                #expect(answer.headers[.allow] == "GET, HEAD")
            }
        }
    }

    @Test(arguments: [
        "/assets/nothing.js", "/assets/", "/assets/index.html", "/assets/js", "/assets/../index.html",
        "/assets/%2e%2e/assets.c", "/assets/js/dom.js", "/assets/00000000000000000000000000000000/js/dom.js",
        folder + "index.html", folder + "css/base.css", folder, "/nothing", "/traces/a/b", "/index.html",
    ])
    func `what is not there is a 404`(_ path: String) async throws {
        try await Self.run { client in
            let answer = try await client.execute(uri: path, method: .get)
            #expect(answer.status == .notFound)
        }
    }

    private static let referrerPolicy = HTTPField.Name("referrer-policy") ?? .referer

    private static func inflate(_ body: ByteBuffer) throws -> ByteBuffer {
        try body.withUnsafeReadableBytes { input in
            let storage = try Gunzip.inflate(input, limit: 1 << 20)
            return withExtendedLifetime(storage) { ByteBuffer(bytes: storage.bytes) }
        }
    }
}
