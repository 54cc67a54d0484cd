// JSONTranscoderFaultTests.swift - OTLP/JSON to protobuf: what is refused, and with which words.

import OTLPCodec
import Testing
import TraceModel

@Test(arguments: [
    (#"{"resourceSpans":}"#, "JSON is malformed at byte 17: expected a list"),
    (#"{"unknownField": }"#, "JSON is malformed at byte 17: expected a value"),
    (#"{"resourceSpans":{}}"#, "JSON is malformed at byte 17: expected a list"),
    (#"{"resourceSpans":"x"}"#, "JSON is malformed at byte 17: expected a list"),
    (#"{"resourceSpans":[[]]}"#, "JSON is malformed at byte 18: expected an object"),
    (#"{"resourceSpans":[1]}"#, "JSON is malformed at byte 18: expected an object"),
    (#"{"resourceSpans":[{"resource":[]}]}"#, "JSON is malformed at byte 30: expected an object"),
    (#"{"resourceSpans":[{"resource":{"attributes":{"a":1}}}]}"#, "JSON is malformed at byte 44: expected a list"),
    (#"{"resourceSpans":[{"schemaUrl":1}]}"#, "JSON is malformed at byte 31: expected a string"),
    ("[]", "JSON is malformed at byte 0: expected an object"), ("1", "JSON is malformed at byte 0: expected an object"),
    ("null", "JSON is malformed at byte 0: expected an object"),
    ("{", "JSON is malformed at byte 1: expected a name in quotes"),
    (#"{"a""#, "JSON is malformed at byte 4: expected a colon"),
    (#"{"a":1"#, "JSON is malformed at byte 6: expected a comma or the end of the object"),
    (#"{"a":1,}"#, "JSON is malformed at byte 7: expected a name in quotes"),
    (#"{"a":[1,]}"#, "JSON is malformed at byte 8: expected a value"),
    (#"{"a":[1}"#, "JSON is malformed at byte 7: expected a comma or the end of the list"),
    (#"{"a":tru}"#, "JSON is malformed at byte 5: expected true, false or null"),
    (#"{"a":'x'}"#, "JSON is malformed at byte 5: expected a value"),
    (#"{a:1}"#, "JSON is malformed at byte 1: expected a name in quotes"),
    (#"{"a":01}"#, "JSON is malformed at byte 5: expected a value"),
    ("{}{}", "JSON is malformed at byte 2: expected the end of the body"),
    ("{}\n{}", "JSON is malformed at byte 3: expected the end of the body"),
    ("{}\u{0}", "JSON is malformed at byte 2: expected the end of the body"),
    (#"{"a":"x"#, "JSON is malformed at byte 7: expected the end of the string"),
    (#"{"a":"x\"#, "JSON is malformed at byte 8: expected the end of the string"),
    (#"{"a":"\q"}"#, "JSON is malformed at byte 6: expected an escape that JSON knows"),
    (#"{"a":"\u12g4"}"#, "JSON is malformed at byte 6: expected an escape that JSON knows"),
    (#"{"a":"\u12"#, "JSON is malformed at byte 6: expected an escape that JSON knows"),
    ("{\"a\":\"x\ny\"}", "JSON is malformed at byte 7: expected an escape in place of a control character"),
    ("{\"a\tb\":1}", "JSON is malformed at byte 3: expected an escape in place of a control character"),
    ("\u{B}{}", "JSON is malformed at byte 0: expected an object"),
])
func `a fault names its place and what was expected`(_ json: String, _ message: String) {
    #expect(transcodingFault(json) == message)
}

@Test(arguments: [
    (#""name":1"#, "a string"), (#""traceId":1"#, "a string"), (#""kind":"KIND""#, "the number or a name of the enum"),
    (#""kind":2147483648"#, "the number or a name of the enum"), (#""kind":1.5"#, "the number or a name of the enum"),
    (#""flags":4294967296"#, "an integer that fits its field"), (#""flags":-1"#, "an integer that fits its field"),
    (#""startTimeUnixNano":-1"#, "an integer that fits its field"), (#""events":{}"#, "a list"),
    (#""startTimeUnixNano":"18446744073709551616""#, "an integer that fits its field"), (#""status":2"#, "an object"),
    (#""startTimeUnixNano":true"#, "an integer that fits its field"),
    (#""startTimeUnixNano":"x""#, "an integer that fits its field"),
    (#""attributes":[{"value":{"boolValue":"true"}}]"#, "true or false"), (#""attributes":{"a":"b"}"#, "a list"),
    (#""attributes":[{"value":{"doubleValue":"x"}}]"#, "a number"), (#""attributes":[{"value":"x"}]"#, "an object"),
    (#""attributes":[{"value":{"bytesValue":"?"}}]"#, "base64"),
    (#""attributes":[{"value":{"bytesValue":1}}]"#, "a string"),
    (#""attributes":[{"value":{"arrayValue":[]}}]"#, "an object"),
])
func `a value of the wrong shape is refused`(_ members: String, _ expected: String) throws {
    let fault = transcodingFault(#"{"resourceSpans":[{"scopeSpans":[{"spans":[{\#(members)}]}]}]}"#)
    #expect(try #require(fault).hasSuffix(": expected \(expected)"))
}

@Test(
    arguments: [
        [0x80], [0xC0, 0x80], [0xC3], [0xE0, 0x80, 0x80], [0xED, 0xA0, 0x80], [0xE2, 0x82], [0xF0, 0x80, 0x80, 0x80],
        [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xFF], [0xC3, 0x28], [0xE2, 0x28, 0xA1],
        [0xF0, 0x9F, 0x98, 0x28],
    ] as [[UInt8]]
)
func `text that is not UTF-8 is refused where it begins`(_ bad: [UInt8]) throws {
    for before in [#"{"a":""#, #"{"resourceSpans":[{"schemaUrl":""#, #"{""#, #"{"a":"long enough for words ü "#] {
        for after in ["", "x", "\\n", "0123456789"] {
            let error = #expect(throws: OTLPCodecError.self) {
                try transcodedBytes(Array(before.utf8) + bad + Array((after + #"":"""#).utf8))
            }
            #expect(error?.message == "JSON is malformed at byte \(before.utf8.count): expected UTF-8")
            #expect(error?.code == .invalid)
        }
    }
}

@Test func `a name of bytes that the tables use for nothing is no field`() {
    let name = [UInt8](repeating: 0xFF, count: 8) + [UInt8](repeating: 0x61, count: 8) + [0, 0, 0, 0, 0, 0, 0, 0]
    let body = Array(#"{""#.utf8) + name + Array(#"":1}"#.utf8) + [UInt8](repeating: 0x20, count: 64)
    #expect(throws: OTLPCodecError.self) { try transcodedBytes(body) }
}

@Test(arguments: [65, 100])
func `values nested deeper than the scanner allows still pass`(_ levels: Int) throws {
    let list = nested(#"{"arrayValue":{"values":["#, #"{"intValue":1}"#, "]}}", levels)
    #expect(
        try transcodedValue(list) == String(repeating: "list[", count: levels) + "int 1"
            + String(repeating: "]", count: levels)
    )
    let map = nested(#"{"kvlistValue":{"values":[{"value":"#, #"{"intValue":1}"#, "}]}}", levels)
    #expect(
        try transcodedValue(map) == String(repeating: "map[=", count: levels) + "int 1"
            + String(repeating: "]", count: levels)
    )
}

@Test(arguments: [
    (#"{"arrayValue":{"values":["#, "{}", "]}}"), (#"{"kvlistValue":{"values":[{"value":"#, "{}", "}]}}"),
])
func `values nested without end are refused`(_ open: String, _ core: String, _ close: String) throws {
    let value = nested(open, core, close, 50_000)
    let fault = transcodingFault(#"{"resourceSpans":[{"resource":{"attributes":[{"value":\#(value)}]}}]}"#)
    #expect(try #require(fault).hasSuffix("expected at most 512 levels of nesting"))
}

@Test(arguments: [("[", "]"), (#"{"a":"#, "}"), (#"[{"a":"#, "}]"), ("[", ""), (#"{"a":"#, "")])
func `unknown fields nested without end are refused`(_ open: String, _ close: String) throws {
    let fault = transcodingFault(#"{"x":\#(nested(open, "1", close, 200_000))}"#)
    #expect(try #require(fault).hasSuffix("expected at most 512 levels of nesting"))
    #expect(transcodingFault(#"{"x":\#(nested("[", "1", "]", 511))}"#) == nil)
    #expect(transcodingFault(#"{"x":\#(nested("[", "1", "]", 512))}"#) != nil)
}

@Test func `a result above the limit is refused`() throws {
    let json = #"{"resourceSpans":[{"schemaUrl":"0123456789"}]}"#
    #expect(try transcodedBytes(json, limit: 14).count == 14)
    let error = #expect(throws: OTLPCodecError.self) { try transcodedBytes(json, limit: 13) }
    #expect(error == OTLPCodecError(code: .tooLarge, message: "JSON body is larger than 13 bytes in protobuf form"))
}

@Test func `every cut of a body is refused`() throws {
    let json = Array(
        #"""
        {"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"0102030405060708090a0b0c0d0e0f10","name":"é\ud83d\ude00\n",
        "kind":"SPAN_KIND_SERVER","startTimeUnixNano":"1.5e9","x":[{"y":null}],"attributes":[{"key":"k","value":
        {"doubleValue":1.25e-3}},{"key":"b","value":{"bytesValue":"AAEC"}}],"status":{"code":2}}]}]}]}
        """#.utf8
    )
    #expect(throws: Never.self) { try transcodedBytes(json) }
    for length in 1..<json.count {
        #expect(throws: OTLPCodecError.self) { try transcodedBytes(Array(json[..<length])) }
    }
}

@Test func `numbers that outgrow their JSON find room`() throws {
    let members = Array(repeating: #""kind":-1,"kind":-2"#, count: 5_000).joined(separator: ",")
    #expect(try transcodedSpan(members) == "kind=-2")
}

private func nested(_ open: String, _ core: String, _ close: String, _ levels: Int) -> String {
    String(repeating: open, count: levels) + core + String(repeating: close, count: levels)
}
