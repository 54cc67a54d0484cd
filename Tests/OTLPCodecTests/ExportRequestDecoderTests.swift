// ExportRequestDecoderTests.swift - batches, groups, projects and messages.

import COTLP
import TestSupport
import Testing
import TraceModel

@testable import OTLPCodec

struct ExportRequestDecoderTests {
    private func decode(_ bytes: [UInt8], project: String? = nil) throws -> DecodedRequest {
        try ExportRequestDecoder().decode(BatchStorage(copying: bytes), project: project)
    }

    /// A request of resources, each with one span in its own trace.
    private func request(resources: [(inout WireWriter) -> Void]) -> [UInt8] {
        WireWriter { request in
            for (index, resource) in resources.enumerated() {
                request.message(1) {
                    $0.message(1, resource)
                    $0.message(2) { $0.span(trace: 1, span: UInt8(index + 1)) }
                }
            }
        }.bytes
    }

    @Test func `no bytes are an empty batch`() throws {
        let decoded = try decode([])
        #expect(decoded.batch.spans.isEmpty && decoded.batch.groups.isEmpty)
        #expect(decoded.rejected == .none)
    }

    @Test func `spans of a trace stand together in the order of arrival`() throws {
        let order: [(trace: UInt8, span: UInt8)] = [(3, 1), (1, 2), (3, 3), (2, 4), (1, 5), (3, 6)]
        let decoded = try decode(
            WireWriter.request { for each in order { $0.span(trace: each.trace, span: each.span) } }
        )
        let batch = decoded.batch
        #expect(batch.groups.map { $0.traceID.low & 0xFF } == [3, 1, 2])
        #expect(batch.groups.map(\.spans) == [0..<3, 3..<5, 5..<6])
        #expect(batch.spans.map { $0.spanID.value & 0xFF } == [1, 3, 6, 2, 5, 4])
        for group in batch.groups {
            #expect(batch.spans[group.spans].allSatisfy { $0.traceID == group.traceID })
        }
    }

    @Test func `thousands of traces are kept apart`() throws {
        let bytes = WireWriter.request { scope in
            for number in 0..<6_000 {
                scope.message(2) { span in
                    let trace = UInt8(number % 3_000 / 256)
                    span.sized(1, Array(repeating: 1, count: 14) + [trace, UInt8(number % 3_000 % 256)])
                    span.sized(2, Array(repeating: 1, count: 6) + [UInt8(number / 256), UInt8(number % 256)])
                }
            }
        }
        let batch = try decode(bytes).batch
        #expect(batch.groups.count == 3_000)
        #expect(Set(batch.groups.map(\.traceID)).count == 3_000)
        for group in batch.groups {
            #expect(group.spans.count == 2)
            #expect(batch.spans[group.spans].allSatisfy { $0.traceID == group.traceID })
        }
    }

    @Test func `a slice is the span as received, and envelopes are hashed`() throws {
        let span = WireWriter { $0.ids(trace: 1, span: 2) }.bytes
        let batch = try decode(WireWriter.request { $0.sized(2, span) }).batch
        #expect(batch.spans.map { Array(batch.bytes(of: $0)) } == [span])
        let resource = WireWriter { $0.message(1) { $0.attribute(1, "service.name", "test") } }.bytes
        let scope = WireWriter { $0.message(1) { $0.string(1, "tests") } }.bytes
        #expect(batch.resources.map(\.bytes) == [resource])
        #expect(batch.scopes.map(\.bytes) == [scope])
        #expect(batch.resources.map(\.fingerprint) == [cotlp_hash64(resource, resource.count, 0)])
        #expect(batch.scopes.map(\.fingerprint) == [cotlp_hash64(scope, scope.count, 0)])
    }

    @Test func `the project comes from the resource, and splits a trace`() throws {
        let bytes = request(resources: [
            { $0.attribute(1, "openinference.project.name", "shop") },
            { $0.attribute(1, "service.name", "no project") },
            { $0.attribute(1, "openinference.project.name", "shop") },
            { $0.attribute(1, "openinference.project.name", "default") },
        ])
        let groups = try decode(bytes).batch.groups
        #expect(groups.map(\.project) == ["shop", "default"])
        #expect(groups.map(\.spans.count) == [2, 2])
        #expect(try decode(bytes, project: "given").batch.groups.map(\.project) == ["given"])
    }

    @Test(arguments: [
        ("shop", "shop"), ("Größe 价格", "Größe 价格"),
        (String(repeating: "x", count: 128), String(repeating: "x", count: 128)),
        ("", "default"), (String(repeating: "x", count: 129), "default"), ("a\nb", "default"), ("a\u{7F}", "default"),
        ("a\u{85}b", "default"), ("\0", "default"),
    ])
    func `a project's name is short and printable`(_ name: String, _ project: String) throws {
        let bytes = request(resources: [{ $0.attribute(1, "openinference.project.name", name) }])
        #expect(try decode(bytes).batch.groups.map(\.project) == [project])
    }

    @Test func `a project's name that is no string, or only mentioned, is ignored`() throws {
        let bytes = request(resources: [
            {
                $0.message(1) {
                    $0.string(1, "openinference.project.name")
                    $0.message(2) { $0.number(3, 7) }
                }
            },
            { $0.attribute(1, "note", "openinference.project.name") },
            { $0.attribute(1, "openinference.project.name.old", "shop") },
        ])
        #expect(try decode(bytes).batch.groups.map(\.project) == ["default"])
    }

    @Test func `rejected spans are counted and explained`() throws {
        let bytes = WireWriter.request { scope in
            for number in 1...12 as ClosedRange<UInt8> { scope.span(trace: 1, span: number) }
            scope.span(trace: 1, span: 13) { $0.sized(1, []) }
            scope.span(trace: 1, span: 14) { $0.sized(5, [0xFF]) }
        }
        let decoded = try decode(bytes)
        #expect(decoded.batch.spans.count == 12)
        #expect(decoded.rejected.count == 2)
        let expected =
            "2 of 14 spans rejected: 1 with a string that is not UTF-8, "
            + "1 with a trace_id that is not 16 bytes or all zero"
        #expect(decoded.rejected.message == expected)
    }

    @Test func `a request of bad spans alone is no error`() throws {
        let decoded = try decode(WireWriter.request { $0.span(trace: 1, span: 1) { $0.sized(2, []) } })
        #expect(decoded.batch.spans.isEmpty && decoded.batch.resources.isEmpty)
        #expect(decoded.rejected.message.hasPrefix("1 of 1 spans rejected: 1 with a span_id"))
    }

    @Test func `a malformed request is refused with the place`() throws {
        let whole = WireWriter.request { $0.span(trace: 1, span: 1) }
        let error = try #require(throws: OTLPCodecError.self) { try decode(whole + [0x0A, 0x05, 0x00]) }
        #expect(error.code == .invalid)
        #expect(error.message.hasPrefix("request is malformed at byte \(whole.count): "))
    }

    @Test func `a bad string in a resource refuses the request`() throws {
        let bytes = request(resources: [{ $0.message(1) { $0.sized(1, [0xFF]) } }])
        let error = try #require(throws: OTLPCodecError.self) { try decode(bytes) }
        #expect(error.code == .invalid)
        #expect(error.message.hasSuffix(": a string is not UTF-8"))
    }
}
