// ServedPathsTests.swift - the contract names every path, and no other.

import CAssets
import Hummingbird
import IngestPipeline
import TestSupport
import Testing
import TraceModel
import WebUI

@testable import CollectorServer

struct ServedPathsTests {
    @Test func `the document has every path of the router, and the router every operation of the document`()
        async throws
    {
        var size = 0
        let bytes = skein_openapi_json(&size)
        let document = JSONValue(utf8: UnsafeBufferPointer(start: bytes, count: size))
        let operations = Contract(try #require(document)).operations
        let routes = try await Self.routes()
        // Behind any prefix OTLP is served too; OpenAPI has no words for that.
        // Pages are for people, and no part of the contract.
        let pages = Set(WebPages<BasicRequestContext>.pages.map(UnservedMethods.template))
        #expect(pages.intersection(operations.map(\.path)) == [])
        let served = Set(routes.map(\.path).filter { !$0.contains("**") })
        #expect(served.symmetricDifference(operations.map(\.path)).sorted() == [])
        for operation in operations {
            #expect(
                routes.contains { $0.path == operation.path && $0.method == operation.method },
                "\(operation.method) \(operation.path)"
            )
        }
    }

    private static func routes() async throws -> [(method: String, path: String)] {
        let store = StubCollectorStore()
        let server = CollectorServer(
            config: CollectorConfig(dataDirectory: "/nowhere"),
            store: store,
            consumer: RecordingConsumer(),
            logs: RecordingLogConsumer(),
            logger: .quiet
        )
        let router = server.router(MemoryBudget(limitBytes: 1), try await KeyRing(store))
        return router.routes.map { route in
            (route.method.rawValue, UnservedMethods.template(route.path.description))
        }
    }
}
