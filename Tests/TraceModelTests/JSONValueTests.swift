// JSONValueTests.swift - JSON inside attributes: what is read, and what hostile text cannot do.

import TraceModel
import Testing

@Suite struct JSONValueTests {
    @Test("members keep their order and numbers their digits")
    func order() throws {
        let value = try #require(JSONValue(#" {"b": 12345678901234567890.10, "a": [true, null, -0.5e+3, "x"]} "#))
        #expect(
            value
                == .object([
                    JSONMember("b", .number("12345678901234567890.10")),
                    JSONMember("a", .array([.bool(true), .null, .number("-0.5e+3"), .string("x")])),
                ])
        )
    }

    @Test("a path leads through objects, and of duplicate members the last counts")
    func path() throws {
        let value = try #require(JSONValue(#"{"usage":{"in":1,"in":2},"list":[{"in":3}]}"#))
        #expect(value[path: ["usage", "in"]]?.number == "2")
        #expect(value[path: ["list", "in"]] == nil)
        #expect(value["usage"]?.object?.count == 2)
        #expect(value["none"] == nil)
    }

    @Test(
        "escapes are decoded",
        arguments: [
            (#""a\"\\\/\b\f\n\r\t""#, "a\"\\/\u{8}\u{c}\n\r\t"),
            (#""\u00e9\u4e2d""#, "é中"), (#""\ud83d\uDE00!""#, "😀!"),
            (#""\ud83dx\ude00""#, "\u{FFFD}x\u{FFFD}"), (#""\ud83d\u0041""#, "\u{FFFD}A"), (#""é""#, "é"),
        ]
    )
    func escapes(text: String, expected: String) {
        #expect(JSONValue(text)?.string == expected)
    }

    @Test("the numbers that Python writes beyond the grammar become strings")
    func pythonNumbers() {
        #expect(
            JSONValue("[NaN,Infinity,-Infinity]")
                == .array([.string("NaN"), .string("Infinity"), .string("-Infinity")])
        )
    }

    @Test(
        "what is no JSON is nil",
        arguments: [
            "", " ", "hello", "{", "[", "[1", "[1,", "[1,]", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{a:1}", "01", "1.",
            ".5",
            "1e", "-", "+1", "tru", "nul", "Infinit", "\"", "\"\\", "\"\\u12\"", "\"\\u12g4\"", "\"\\x\"", "\"a\nb\"",
            "1 2",
            "[1]]", "{'a':1}",
        ]
    )
    func invalid(text: String) {
        #expect(JSONValue(text) == nil)
    }

    @Test("nesting is read to the limit and no deeper")
    func depth() {
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        #expect(JSONValue(nested(64)) != nil)
        #expect(JSONValue(nested(65)) == nil)
        #expect(JSONValue(nested(1_000_000)) == nil)
        #expect(JSONValue(String(repeating: "{\"a\":", count: 1_000_000)) == nil)
    }

    @Test("more values than the limit are no JSON")
    func values() {
        var text = "[1,2,{\"a\":3}]"
        let read = text.withUTF8 {
            (JSONValue(utf8: $0, maxValues: 5) != nil, JSONValue(utf8: $0, maxValues: 4) != nil)
        }
        #expect(read == (true, false))
    }

    @Test("any bytes are read or refused, never more than that")
    func anyBytes() {
        var random = SystemRandomNumberGenerator()
        let letters = Array("{}[]\",:\\u0dD8ntrue-1.e \u{7F}".utf8) + [0x00, 0x80, 0xC3, 0xF0, 0xFF]
        for _ in 0..<5_000 {
            let bytes = (0..<Int.random(in: 0...24, using: &random)).map { _ in
                letters.randomElement(using: &random) ?? 0
            }
            bytes.withUnsafeBufferPointer { _ = JSONValue(utf8: $0) }
        }
    }
}
