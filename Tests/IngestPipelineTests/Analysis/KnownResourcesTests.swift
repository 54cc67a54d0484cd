// KnownResourcesTests.swift - resources with very much in them.

import OTLPCodec
import TestSupport
import Testing
import TraceModel

@testable import IngestPipeline

struct KnownResourcesTests {
    /// A batch with one span under a resource with so many attributes.
    private func batch(_ count: Int, value: String = "v") throws -> SpanBatch {
        let request = WireWriter { request in
            request.message(1) { resourceSpans in
                resourceSpans.message(1) { resource in
                    for place in 0..<count { resource.attribute(1, "k\(place)", value) }
                }
                resourceSpans.message(2) { scope in scope.span(trace: 1, span: 2) }
            }
        }
        return try ExportRequestDecoder().decode(BatchStorage(copying: request.bytes), project: nil).batch
    }

    @Test(arguments: [(1_000, false), (1_100, true)])
    func `a resource with very many attributes is not noted, on arrival and later`(
        _ count: Int,
        _ isTooMuch: Bool
    ) throws {
        let batch = try batch(count)
        let arrived = try #require(try SpanExtractor().findingProperties.extract(batch).findings)
        #expect(arrived.resources.map { $0 == nil } == [isTooMuch])
        var analyser = try SpanAnalysis().makeAnalyser()
        let hash = AttributeHash.hash(.attribute("k7"), "v")
        for _ in 0..<2 {
            let found = try analyser.analyse(batch, for: .properties)
            #expect(found.mayHaveAnything == isTooMuch)
            #expect(found.hashes.contains(hash) == !isTooMuch)
        }
        #expect(try analyser.matches(batch, at: 0, .attribute("k7"), "v"))
        #expect(try !analyser.analyse(batch, for: .texts).mayHaveAnything)
    }

    @Test func `the resources that are remembered are bounded in bytes`() throws {
        let decoder = try SpanDecoder()
        var known = KnownResources()
        for letter in ["a", "b", "c", "d", "e", "f"] {
            let resource = try batch(1, value: String(repeating: letter, count: 1 << 20)).resources[0]
            let hashes = try known.hashes(of: resource, decoder)
            #expect(hashes == [])
            #expect(known.bytes > 0 && known.bytes <= KnownResources.mostBytes)
        }
        let before = known.bytes
        let huge = try batch(1, value: String(repeating: "g", count: 5 << 20)).resources[0]
        let hashes = try known.hashes(of: huge, decoder)
        #expect(hashes == [])
        #expect(known.bytes == before)
    }
}
