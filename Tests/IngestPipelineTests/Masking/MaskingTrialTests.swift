// MaskingTrialTests.swift - what would be stored, shown without storing it.

import Foundation
import OTLPCodec
import TestSupport
import Testing
import TraceModel

@testable import IngestPipeline

struct MaskingTrialTests {
    private static let rules: [RedactionRule] = [.attribute("k"), .builtIn(.email)]

    private func object(_ trial: MaskingTrial) throws -> [[String: Any]] {
        let object = try JSONSerialization.jsonObject(with: Data(trial.json)) as? [String: Any]
        return try #require(object?["resourceSpans"] as? [[String: Any]])
    }

    @Test func `protobuf, JSON and gzip give the same`() throws {
        let span = SampleSpan(trace: 1, id: 1, name: "for ann@example.com").with(("k", "v"))
        let plain = try MaskingTrial(SampleSpan.request([span]), rules: Self.rules, keepsContent: true)
        let again = try MaskingTrial(plain.json, rules: [], keepsContent: true)
        #expect(again.json == plain.json)
        let spaced = try MaskingTrial(Array(" \n\t".utf8) + plain.json + [0x0A], rules: [], keepsContent: true)
        #expect(spaced.json == plain.json)
        #expect(String(decoding: plain.json, as: UTF8.self).contains(#""name":"for [email]""#))
        #expect(
            plain.summary == [
                "redaction rule 1 (attribute): changed 1", "redaction rule 2 (builtin email): changed 1",
                "1 of 1 spans changed",
            ]
        )
    }

    @Test func `a capture that is gzip comes out whole`() throws {
        let folder = Fixtures.folder.appendingPathComponent("corpus/langfuse-sdk")
        let body = [UInt8](try Data(contentsOf: folder.appendingPathComponent("001.pb")))
        let trial = try MaskingTrial(body, rules: [], keepsContent: false)
        let spans = try object(trial).flatMap { $0["scopeSpans"] as? [[String: Any]] ?? [] }
            .flatMap { $0["spans"] as? [[String: Any]] ?? [] }
        #expect(!spans.isEmpty)
        #expect(trial.summary.contains { $0.hasPrefix("content off: ") })
    }

    @Test func `several resources and scopes stand apart`() throws {
        let request = WireWriter { request in
            for name in ["a", "b"] {
                request.message(1) { resource in
                    resource.message(1) { $0.attribute(1, "service.name", name) }
                    for scope in ["x", "y"] {
                        resource.message(2) { scopeSpans in
                            scopeSpans.message(1) { $0.string(1, scope) }
                            scopeSpans.span(trace: 1, span: scope == "x" ? 1 : 2)
                            scopeSpans.span(trace: 2, span: scope == "x" ? 3 : 4)
                        }
                    }
                }
            }
        }.bytes
        let resources = try object(MaskingTrial(request, rules: [], keepsContent: true))
        #expect(resources.count == 2)
        for resource in resources {
            let scopes = try #require(resource["scopeSpans"] as? [[String: Any]])
            #expect(scopes.map { ($0["spans"] as? [Any])?.count } == [2, 2])
        }
    }

    @Test func `a request without spans is an empty document`() throws {
        let trial = try MaskingTrial([], rules: Self.rules, keepsContent: false)
        #expect(String(decoding: trial.json, as: UTF8.self) == #"{"resourceSpans":[]}"#)
    }

    @Test(arguments: ["no request", "{", "[1]"])
    func `what is no request is refused`(_ text: String) {
        #expect(throws: OTLPCodecError.self) { try MaskingTrial(Array(text.utf8), rules: [], keepsContent: true) }
    }
}
