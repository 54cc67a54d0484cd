// JSONOutOTLPTests.swift - lossless OTLP/JSON.

import Foundation
import OTLPCodec
import Testing
import TraceModel

@Suite struct `OTLP JSON that comes out` {
    private func otlp(_ span: JSONOutWire) throws -> String {
        let renderer = try SpanRenderer(detail: .full)
        return try jsonOut { json in
            try span.bytes.withUnsafeBytes { try renderer.appendOTLP(span: $0, to: &json) }
        }
    }

    @Test func `a span at its defaults has ids, name, kind and times`() throws {
        #expect(
            try otlp(JSONOutWire())
                == #"{"traceId":"","spanId":"","name":"","kind":0,"startTimeUnixNano":"0","endTimeUnixNano":"0"}"#
        )
    }

    @Test func `every field of a span is written as the specification says`() throws {
        let event = JSONOutWire().fixed64(1, 7).text(2, "e").message(3, .attribute("x", .empty)).varint(4, 1)
        let link = JSONOutWire().data(1, [UInt8](repeating: 1, count: 16)).data(2, [UInt8](repeating: 2, count: 8))
            .text(3, "l=1").message(4, .attribute("y", .int(1))).varint(5, 2).fixed32(6, 0x301)
        let json = try otlp(
            JSONOutWire().data(1, [UInt8](repeating: 0xAA, count: 16)).data(2, [UInt8](repeating: 0xBB, count: 8))
                .text(3, "s=1").data(4, [UInt8](repeating: 0xCC, count: 8)).text(5, "n").varint(6, 2)
                .fixed64(7, .max).fixed64(8, 9_007_199_254_740_993).varint(10, 3).message(11, event)
                .message(11, JSONOutWire()).varint(12, 4).message(13, link).varint(14, 5)
                .message(15, JSONOutWire().text(2, "m").varint(3, 2)).fixed32(16, 0xFFFF_FFFF)
        )
        #expect(
            json
                == [
                    #"{"traceId":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","spanId":"bbbbbbbbbbbbbbbb","traceState":"s=1","#,
                    #""parentSpanId":"cccccccccccccccc","name":"n","kind":2,"startTimeUnixNano":"18446744073709551615","#,
                    #""endTimeUnixNano":"9007199254740993","droppedAttributesCount":3,"#,
                    #""events":[{"timeUnixNano":"7","name":"e","attributes":[{"key":"x","value":{}}],"#,
                    #""droppedAttributesCount":1},{}],"droppedEventsCount":4,"#,
                    #""links":[{"traceId":"01010101010101010101010101010101","spanId":"0202020202020202","traceState":"l=1","#,
                    #""attributes":[{"key":"y","value":{"intValue":"1"}}],"droppedAttributesCount":2,"flags":769}],"#,
                    #""droppedLinksCount":5,"status":{"message":"m","code":2},"flags":4294967295}"#,
                ].joined()
        )
    }

    @Test func `every kind of value is written, duplicates and empty ones too`() throws {
        let json = try otlp(
            JSONOutWire().messages(
                9,
                [
                    .attribute("a", .string("")), .attribute("a", .bool(false)), .attribute("i", .int(.min)),
                    .attribute("d", .double(-.infinity)), .attribute("b", .binary([0xFF])),
                    .attribute("l", .array([.int(0), .empty])), .attribute("el", .array([])),
                    .attribute("m", .map([.attribute("k", .double(0.5))])), .attribute("em", .map([])),
                    JSONOutWire().text(1, "none"), JSONOutWire().message(2, JSONOutWire().varint(8, 4)).varint(3, 5),
                ]
            )
        )
        let start = try #require(json.range(of: "\"attributes\":"))
        #expect(
            json[start.upperBound...]
                == [
                    #"[{"key":"a","value":{"stringValue":""}},{"key":"a","value":{"boolValue":false}},"#,
                    #"{"key":"i","value":{"intValue":"-9223372036854775808"}},"#,
                    #"{"key":"d","value":{"doubleValue":"-Infinity"}},{"key":"b","value":{"bytesValue":"/w=="}},"#,
                    #"{"key":"l","value":{"arrayValue":{"values":[{"intValue":"0"},{}]}}},"#,
                    #"{"key":"el","value":{"arrayValue":{}}},"#,
                    #"{"key":"m","value":{"kvlistValue":{"values":[{"key":"k","value":{"doubleValue":0.5}}]}}},"#,
                    #"{"key":"em","value":{"kvlistValue":{}}},{"key":"none"},"#,
                    #"{"key":"","value":{"stringValueStrindex":4},"keyStrindex":5}]}"#,
                ].joined()
        )
        _ = try parsed(json)
    }

    @Test func `resource and scope keep schema, counts and entities`() throws {
        let entity = JSONOutWire().text(1, "u").text(2, "host").text(3, "host.id").text(3, "b").text(4, "c")
        let resource = JSONOutWire().message(
            1,
            JSONOutWire().message(1, .attribute("k", .int(1))).varint(2, 3).message(3, entity)
        ).text(3, "https://r")
        let scope = JSONOutWire().message(1, JSONOutWire().text(1, "lib").text(2, "2").varint(4, 6)).text(
            3,
            "https://s"
        )
        let renderer = try SpanRenderer(detail: .full)
        let json = try jsonOut { json in
            try renderer.appendOTLP(resource: SpanEnvelope(bytes: resource.bytes, fingerprint: 0), to: &json)
            try renderer.appendOTLP(scope: SpanEnvelope(bytes: scope.bytes, fingerprint: 0), to: &json)
        }
        #expect(
            json
                == [
                    #""resource":{"attributes":[{"key":"k","value":{"intValue":"1"}}],"droppedAttributesCount":3,"#,
                    #""entityRefs":[{"schemaUrl":"u","type":"host","idKeys":["host.id","b"],"descriptionKeys":["c"]}]},"#,
                    #""schemaUrl":"https://r","scope":{"name":"lib","version":"2","droppedAttributesCount":6},"#,
                    #""schemaUrl":"https://s","#,
                ].joined()
        )
        let nothing = try jsonOut { json in
            try renderer.appendOTLP(resource: SpanEnvelope(bytes: [], fingerprint: 0), to: &json)
        }
        #expect(nothing.isEmpty)
    }
}
