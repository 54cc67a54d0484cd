// JSONOutAttributeTests.swift - attributes as one object of plain values.

import Foundation
import OTLPCodec
import Testing

@Suite struct `attributes that come out` {
    @Test func `each kind of value is a plain JSON value`() throws {
        let json = try attributesOut([
            .attribute("s", .string("x\"y")), .attribute("t", .bool(true)), .attribute("f", .bool(false)),
            .attribute("i", .int(.max)), .attribute("n", .int(-1)), .attribute("d", .double(0.1)),
            .attribute("nan", .double(.nan)), .attribute("e", .empty), .attribute("b", .binary([1, 2, 3, 4])),
            .attribute("a", .array([.int(1), .string("z"), .empty, .array([])])),
            .attribute("m", .map([.attribute("k", .int(2)), .attribute("k2", .map([]))])),
            JSONOutWire().text(1, "novalue"),
        ]).json
        #expect(
            json == #"{"s":"x\"y","t":true,"f":false,"i":9223372036854775807,"n":-1,"d":0.1,"nan":"NaN","e":null,"#
                + #""b":"AQIDBA==","a":[1,"z",null,[]],"m":{"k":2,"k2":{}},"novalue":null}"#
        )
        _ = try parsed(json)
    }

    @Test(arguments: [0, 40]) func `of duplicate keys the last wins, at every level`(_ others: Int) throws {
        let padding = (0..<others).map { JSONOutWire.attribute("p\($0)", .int(Int64($0))) }
        let inner = JSONOutWire.map([.attribute("x", .int(1)), .attribute("x", .int(2))] + padding)
        let json = try attributesOut(
            [.attribute("k", .int(1)), .attribute("m", inner)] + padding + [.attribute("k", .int(3))]
        ).json
        #expect(json.components(separatedBy: "\"k\":").count == 2)
        #expect(json.components(separatedBy: "\"x\":").count == 2)
        #expect(json.contains("\"k\":3"))
        #expect(json.contains("\"x\":2"))
    }

    @Test func `keys of the string table are left out, an empty key stays`() throws {
        let indexed = JSONOutWire().varint(3, 7).message(2, .int(1))
        let nested = JSONOutWire.map([indexed, .attribute("y", JSONOutWire().varint(8, 3))])
        let json = try attributesOut([indexed, .attribute("", .int(2)), .attribute("m", nested)]).json
        #expect(json == #"{"":2,"m":{"y":null}}"#)
    }

    @Test func `with a limit long values are cut at a character and named`() throws {
        let (json, cut) = try attributesOut(
            [
                .attribute("fits", .string("12345678")), .attribute("long", .string("1234567é")),
                .attribute("nested", .array([.string("ab"), .string("cdefg")])), .attribute("small", .array([.int(1)])),
                .attribute("bytes", .binary([UInt8](repeating: 0, count: 7))), .attribute("number", .int(.min)),
                .attribute("six", .binary([UInt8](repeating: 0, count: 6))),
            ],
            cuttingAt: 8
        )
        #expect(
            json == #"{"fits":"12345678","long":"1234567","nested":"[\"ab\",\"c","small":[1],"bytes":"AAAAAAAA","#
                + #""number":"-9223372","six":"AAAAAAAA"}"#
        )
        #expect(cut == ["long", "nested", "bytes", "number"])
    }

    @Test func `with a limit there are at most 128 attributes and no long keys, and what is left out is named`() throws
    {
        let many = (0..<300).map { JSONOutWire.attribute("k\($0)", .int(0)) }
        let key = String(repeating: "é", count: 200)
        let (json, cut) = try attributesOut([.attribute(key, .int(1))] + many, cuttingAt: 255)
        let object = try #require(try parsed(json) as? NSDictionary)
        #expect(object.count == 128)
        #expect(object["k127"] != nil)
        #expect(cut == [String(repeating: "é", count: 127)] + (128..<300).map { "k\($0)" })
    }

    @Test func `a huge nested value is not written out to be cut`() throws {
        let (json, cut) = try attributesOut(
            [
                .attribute(
                    "a",
                    .array([JSONOutWire](repeating: .string(String(repeating: "z", count: 40)), count: 5000))
                )
            ],
            cuttingAt: 256
        )
        #expect(json.utf8.count < 300)
        #expect(cut == ["a"])
        _ = try parsed(json)
    }

    @Test func `64 levels are written`() throws {
        var value = JSONOutWire.int(1)
        for level in 0..<63 { value = level % 2 == 0 ? .array([value]) : .map([.attribute("k", value)]) }
        let json = try attributesOut([.attribute("deep", value)]).json
        _ = try parsed(json)
        #expect(json.contains("[1]"))
    }
}
