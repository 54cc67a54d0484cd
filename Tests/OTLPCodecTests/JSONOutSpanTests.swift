// JSONOutSpanTests.swift - spans in the query form.

import Foundation
import OTLPCodec
import Testing
import TraceModel

@Suite struct `spans that come out` {
    private let place = SpanPlace(
        spanID: SpanID(0x0102),
        parentID: SpanID(0xFF),
        hasParent: true,
        start: 1_705_314_600_000_000_000,
        end: 1_705_314_601_234_500_000
    )

    private func render(
        _ span: JSONOutWire,
        at place: SpanPlace? = nil,
        detail: SpanDetail = .full,
        resource: JSONOutWire = JSONOutWire(),
        scope: JSONOutWire = JSONOutWire()
    ) throws -> NSDictionary {
        var renderer = try SpanRenderer(detail: detail)
        let json = try jsonOut { json in
            json.append(raw: "{")
            try span.bytes.withUnsafeBytes { bytes in
                try renderer.appendMembers(
                    of: bytes,
                    at: place ?? self.place,
                    resource: SpanEnvelope(bytes: resource.bytes, fingerprint: 1),
                    scope: SpanEnvelope(bytes: scope.bytes, fingerprint: 2),
                    to: &json
                )
            }
            json.append(raw: "}")
        }
        return try #require(try parsed(json) as? NSDictionary)
    }

    @Test func `a bare span has its ids, times, status and nothing made up`() throws {
        let span = try render(JSONOutWire().text(5, "work"))
        #expect(span["span_id"] as? String == "0000000000000102")
        #expect(span["parent_span_id"] as? String == "00000000000000ff")
        #expect(span["name"] as? String == "work")
        #expect(span["kind"] as? String == "unspecified")
        #expect(span["start_time"] as? String == "2024-01-15T10:30:00.000Z")
        #expect(span["end_time"] as? String == "2024-01-15T10:30:01.234Z")
        #expect(span["duration_ms"] as? Double == 1234.5)
        #expect(span["start_time_unix_nano"] as? String == "1705314600000000000")
        #expect(span["status"] as? NSDictionary == ["code": "UNSET"])
        #expect(span["attributes"] as? NSDictionary == [:])
        #expect(span["events"] as? NSArray == [])
        #expect(span["links"] as? NSArray == [])
        #expect(span["resource"] as? NSDictionary == ["attributes": [:] as NSDictionary])
        for absent in ["llm", "warnings", "flags", "trace_state", "dropped_attributes_count", "truncated"] {
            #expect(span[absent] == nil)
        }
    }

    @Test func `a rich span shows everything that was sent`() throws {
        let event = JSONOutWire().fixed64(1, 1_705_314_600_500_000_000).text(2, "boom")
            .message(3, .attribute("x", .int(1))).varint(4, 2)
        let link = JSONOutWire().data(1, [UInt8](repeating: 0xAB, count: 16)).data(
            2,
            [UInt8](repeating: 0xCD, count: 8)
        )
        .text(3, "a=b").message(4, .attribute("y", .bool(true)))
        let span = try render(
            JSONOutWire().text(3, "v=1").text(5, "chat").varint(6, 3).message(9, .attribute("k", .string("v")))
                .varint(10, 4).message(11, event).varint(12, 5).message(13, link).varint(14, 6)
                .message(15, JSONOutWire().text(2, "bad").varint(3, 2)).fixed32(16, 0x101),
            resource: JSONOutWire().message(1, JSONOutWire().message(1, .attribute("service.name", .string("api"))))
                .text(3, "https://r"),
            scope: JSONOutWire().message(
                1,
                JSONOutWire().text(1, "lib").text(2, "1.2").message(3, .attribute("z", .int(9)))
            )
            .text(3, "https://s")
        )
        #expect(span["kind"] as? String == "client")
        #expect(span["status"] as? NSDictionary == ["code": "ERROR", "message": "bad"])
        #expect(span["trace_state"] as? String == "v=1")
        #expect(span["flags"] as? Int == 0x101)
        #expect(span["dropped_attributes_count"] as? Int == 4)
        #expect(span["dropped_events_count"] as? Int == 5)
        #expect(span["dropped_links_count"] as? Int == 6)
        #expect(
            span["events"] as? NSArray == [
                [
                    "name": "boom", "time": "2024-01-15T10:30:00.500Z", "time_unix_nano": "1705314600500000000",
                    "attributes": ["x": 1], "dropped_attributes_count": 2,
                ] as NSDictionary
            ]
        )
        #expect(
            span["links"] as? NSArray == [
                [
                    "trace_id": String(repeating: "ab", count: 16), "span_id": String(repeating: "cd", count: 8),
                    "trace_state": "a=b", "attributes": ["y": true],
                ] as NSDictionary
            ]
        )
        #expect(
            span["resource"] as? NSDictionary
                == ["attributes": ["service.name": "api"] as NSDictionary, "schema_url": "https://r"]
        )
        #expect(
            span["scope"] as? NSDictionary
                == ["name": "lib", "version": "1.2", "attributes": ["z": 9] as NSDictionary, "schema_url": "https://s"]
        )
    }

    @Test func `a call shows the canonical record and how it counts`() throws {
        var call = LLMCall(role: .llm)
        call.requestModel = "gpt-4"
        call.usage = TokenUsage(input: 150, output: 200)
        call.costReported = PicoUSD(decimal: "0.0135")
        call.timeToFirstToken = 612_300_000
        call.finishReasons = FewStrings(["stop"])
        var place = place
        place.call = SpanPlace.Call(record: call, scope: .duplicate, rule: .duplicateByID)
        let llm = try #require(try render(JSONOutWire(), at: place)["llm"] as? NSDictionary)
        #expect(llm["kind"] as? String == "llm")
        #expect(llm["model"] as? String == "gpt-4")
        #expect(llm["response_model"] is NSNull)
        #expect(llm["input_tokens"] as? Int == 150)
        #expect(llm["cache_read_tokens"] is NSNull)
        #expect(llm["cost_usd"] as? Double == 0.0135)
        #expect(llm["ttft_ms"] as? Double == 612.3)
        #expect(llm["finish_reasons"] as? [String] == ["stop"])
        #expect(llm["counted"] as? String == "duplicate")
        #expect(llm["counted_rule"] as? String == "duplicate_by_id")
    }

    @Test func `what is odd is named`() throws {
        var place = place
        place.hasParent = false
        place.marks = [.endBeforeStart, .aggregateByName]
        let span = try render(JSONOutWire().varint(6, 77).message(15, JSONOutWire().varint(3, 9)), at: place)
        #expect(span["warnings"] as? [String] == ["end_before_start", "parent_missing"])
        #expect(span["kind"] as? Int == 77)
        #expect((span["status"] as? NSDictionary)?["code"] as? Int == 9)
        place.parentID = .none
        place.marks = []
        let root = try render(JSONOutWire(), at: place)
        #expect(root["parent_span_id"] is NSNull)
        #expect(root["warnings"] == nil)
    }

    @Test func `a summary cuts long values and counts events and links`() throws {
        let long = String(repeating: "x", count: 300)
        let span = try render(
            JSONOutWire().message(9, .attribute("prompt", .string(long))).message(11, JSONOutWire().text(2, "e"))
                .message(11, JSONOutWire()).message(13, JSONOutWire()),
            detail: .summary
        )
        #expect((span["attributes"] as? NSDictionary)?["prompt"] as? String == String(repeating: "x", count: 256))
        #expect(span["truncated"] as? [String] == ["prompt"])
        #expect(span["event_count"] as? Int == 2)
        #expect(span["link_count"] as? Int == 1)
        #expect(span["events"] == nil)
        let many = (0..<200).map { JSONOutWire.attribute("k\($0)", .int(0)) }
        #expect(try render(JSONOutWire().messages(9, many), detail: .summary)["attribute_count"] as? Int == 200)
    }

    @Test func `envelopes that share a hash are told apart`() throws {
        var renderer = try SpanRenderer(detail: .full)
        var texts: [String] = []
        for name in ["a", "b", "a"] {
            let resource = JSONOutWire().message(1, JSONOutWire().message(1, .attribute("n", .string(name))))
            texts.append(
                try jsonOut { json in
                    try renderer.appendMembers(
                        of: UnsafeRawBufferPointer(start: nil, count: 0),
                        at: place,
                        resource: SpanEnvelope(bytes: resource.bytes, fingerprint: 7),
                        scope: SpanEnvelope(bytes: [], fingerprint: 8),
                        to: &json
                    )
                }
            )
        }
        #expect(texts[0].contains(#""resource":{"attributes":{"n":"a"}}"#))
        #expect(texts[1].contains(#""resource":{"attributes":{"n":"b"}}"#))
        #expect(texts[2] == texts[0])
    }
}
