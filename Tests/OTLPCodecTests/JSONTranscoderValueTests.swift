// JSONTranscoderValueTests.swift - OTLP/JSON to protobuf: attribute values, numbers, ids, strings.

import Foundation
import OTLPCodec
import Testing

@Test(arguments: [
    (#"{"stringValue":"a"}"#, "'a'"), (#"{"stringValue":""}"#, "''"), (#"{"boolValue":true}"#, "true"),
    (#"{"boolValue":false}"#, "false"), (#"{"intValue":"0"}"#, "int 0"), (#"{"doubleValue":0}"#, "double 0.0"),
    ("{}", "empty"), (#"{"stringValue":null}"#, "empty"), (#"{"unknownValue":1}"#, "empty"),
    (#"{"arrayValue":{}}"#, "list"), (#"{"arrayValue":{"values":[]}}"#, "list"), (#"{"kvlistValue":{}}"#, "map"),
    (#"{"arrayValue":{"values":[{},{"intValue":1},{"stringValue":"x"}]}}"#, "list[empty int 1 'x']"),
    (#"{"kvlistValue":{"values":[{"key":"a","value":{"boolValue":true}},{"key":"b"}]}}"#, "map[a=true b=absent]"),
    (
        #"{"kvlistValue":{"values":[{"key":"a","value":{"arrayValue":{"values":[{"bytesValue":"AQ=="}]}}}]}}"#,
        "map[a=list[bytes 01]]"
    ),
    (#"{"stringValue":"a","intValue":2}"#, "int 2"), (#"{"intValue":2,"stringValue":"a","boolValue":null}"#, "'a'"),
    (#"{"arrayValue":{"values":[{"intValue":1}]},"arrayValue":{"values":[{"intValue":2}]}}"#, "list[int 2]"),
    (#" { "intValue" : 7 , "x" : [ ] } "#, "int 7"),
])
func `an attribute value is what its one member says`(_ json: String, _ expected: String) throws {
    #expect(try transcodedValue(json) == expected)
}

@Test(
    arguments: [
        ("9223372036854775807", "9223372036854775807"), ("-9223372036854775808", "-9223372036854775808"),
        ("9007199254740993", "9007199254740993"), ("-1", "-1"), ("-0", "0"), ("1.5e9", "1500000000"), ("1E3", "1000"),
        ("12e-1", nil), ("120e-1", "12"), ("1.0", "1"), ("0.0e5", "0"), ("0e999999999999999999999", "0"),
        ("922337203685477580.7e1", "9223372036854775807"),
        ("9223372036854775807.000000000000000000000", "9223372036854775807"),
        ("1000000000000000000000e-3", "1000000000000000000"), ("0.000000000000000000000000001e27", "1"),
        ("9223372036854775808", nil), ("-9223372036854775809", nil), ("1e19", nil), ("1e999", nil), ("1.5", nil),
        ("18446744073709551616", nil), ("99999999999999999999999", nil), ("0.1", nil),
        ("1.00000000000000000000001", nil),
        ("01", nil), ("+1", nil), ("1.", nil), (".5", nil), ("1e", nil), ("1e+", nil), ("-", nil), ("0x10", nil),
        ("NaN", nil), ("1 ", nil), ("", nil),
    ] as [(String, String?)]
)
func `an integer is read exactly, as number and as string`(_ text: String, _ expected: String?) throws {
    if let expected {
        #expect(try transcodedValue(#"{"intValue":\#(text)}"#) == "int \(expected)")
        #expect(try transcodedValue(#"{"intValue":"\#(text)"}"#) == "int \(expected)")
    } else {
        #expect(throws: OTLPCodecError.self) { try transcodedValue(#"{"intValue":"\#(text)"}"#) }
        if !text.hasSuffix(" ") {
            #expect(throws: OTLPCodecError.self) { try transcodedValue(#"{"intValue":\#(text)}"#) }
        }
    }
}

@Test(arguments: [
    (#""startTimeUnixNano":18446744073709551615"#, "start=18446744073709551615"),
    (#""startTimeUnixNano":"1.795236132834717387e18""#, "start=1795236132834717387"),
    (#""kind":"2""#, "kind=2"), (#""kind":-7"#, "kind=-7"), (#""kind":99"#, "kind=99"),
    (#""kind":"SPAN_KIND_UNSPECIFIED""#, ""), (#""kind":"SPAN_KIND_INTERNAL""#, "kind=1"),
    (#""kind":"SPAN_KIND_SERVER""#, "kind=2"), (#""kind":"SPAN_KIND_CLIENT""#, "kind=3"),
    (#""kind":"SPAN_KIND_PRODUCER""#, "kind=4"), (#""kind":"SPAN_KIND_CONSUMER""#, "kind=5"),
    (#""status":{"code":"STATUS_CODE_UNSET"}"#, "status={}"),
    (#""status":{"code":"STATUS_CODE_OK"}"#, "status={code=1}"),
    (#""status":{"code":"STATUS_CODE_ERROR"}"#, "status={code=2}"), (#""flags":"257""#, "flags=257"),
    (#""flags":4294967295"#, "flags=4294967295"), (#""droppedLinksCount":4294967295"#, "droppedLinks=4294967295"),
    (#""droppedEventsCount":"\u0031\u0032""#, "droppedEvents=12"),
])
func `numbers of spans are read as number, string or name`(_ members: String, _ expected: String) throws {
    #expect(try transcodedSpan(members) == expected)
}

@Test(arguments: [
    "0.1", "1e22", "1e23", "-2.5", "123456789.123456789", "0.30000000000000004", "5e-324", "2.2250738585072011e-308",
    "1.7976931348623157e308", "9007199254740993", "179769313486231570000000000000", "-0.0", "1e-400", "1e400",
    "6.02214076e+23", "0.000001", "3.14159265358979323846264338327950288419716939937510",
])
func `a double is the nearest one`(_ text: String) throws {
    let expected = "double \(try #require(Double(text)))"
    #expect(try transcodedValue(#"{"doubleValue":\#(text)}"#) == expected)
    #expect(try transcodedValue(#"{"doubleValue":"\#(text)"}"#) == expected)
}

@Test func `doubles that are no numbers are strings`() throws {
    #expect(try transcodedValue(#"{"doubleValue":"NaN"}"#) == "double nan")
    #expect(try transcodedValue(#"{"doubleValue":"Infinity"}"#) == "double inf")
    #expect(try transcodedValue(#"{"doubleValue":"-Infinity"}"#) == "double -inf")
}

@Test(
    arguments: [
        ("", ""), ("AA==", "00"), ("AA", "00"), ("AAE=", "0001"), ("AAE", "0001"), ("AAEC", "000102"),
        ("+/+/", "fbffbf"), ("-_-_", "fbffbf"), ("\\/\\/8=", "ffff"), ("-_8", "fbff"),
        ("A", nil), ("AAAAA", nil), ("AA=", nil), ("AAE==", nil), ("A===", nil), ("AA==AA==", nil), ("A A=", nil),
        ("?!", nil),
    ] as [(String, String?)]
)
func `bytes are base64 of either alphabet, padded or not`(_ text: String, _ expected: String?) throws {
    let json = #"{"bytesValue":"\#(text)"}"#
    if let expected {
        #expect(try transcodedValue(json) == "bytes \(expected)")
    } else {
        #expect(throws: OTLPCodecError.self) { try transcodedValue(json) }
    }
}

@Test func `long bytes are decoded whole`() throws {
    for size in [90, 127, 128, 130, 1000, 20_000] {
        let bytes = Data((0..<size).map { UInt8(truncatingIfNeeded: $0 * 7) })
        let hex = bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
        #expect(try transcodedValue(#"{"bytesValue":"\#(bytes.base64EncodedString())"}"#) == "bytes \(hex)")
    }
}

@Test(arguments: [
    ("0102030405060708090a0b0c0d0e0f10", "0102030405060708090a0b0c0d0e0f10"),
    ("ABCDEFabcdef01234567890000000000", "abcdefabcdef01234567890000000000"), ("", ""), ("00", "00"), ("0aF1", "0af1"),
    ("0102030405", "0102030405"), ("abc", "00"), ("zz", "00"), ("0102030405060708090a0b0c0d0e0f1g", "00"),
    ("AQIDBAUGBwgJCgsMDQ4PEA==", "00"), ("01 2", "00"), ("é1", "00"), ("\\u0030\\u0031", "01"), ("@1", "00"),
    ("`1", "00"),
    ("/1", "00"), (":1", "00"), ("G1", "00"), ("g1", "00"), ("0102030405060:", "00"),
])
func `an id is hex of any case, and what is not becomes an id that no span has`(_ text: String, _ id: String) throws {
    #expect(try transcodedSpan(#""traceId":"\#(text)""#) == (id.isEmpty ? "" : "trace=\(id)"))
    #expect(try transcodedSpan(#""spanId":"\#(text)""#) == (id.isEmpty ? "" : "span=\(id)"))
    #expect(try transcodedSpan(#""parentSpanId":"\#(text)""#) == (id.isEmpty ? "" : "parent=\(id)"))
    #expect(try transcodedSpan(#""links":[{"traceId":"\#(text)"}]"#) == "links=[{\(id.isEmpty ? "" : "trace=\(id)")}]")
}

@Test func `a very long id is kept`() throws {
    let id = String(repeating: "ab", count: 300)
    #expect(try transcodedSpan(#""traceId":"\#(id)""#) == "trace=\(id)")
    #expect(try transcodedSpan(#""traceId":"\#(id)x""#) == "trace=00")
}

@Test(arguments: [
    (#"\"\\\/\b\f\n\r\t"#, "\"\\/\u{8}\u{C}\n\r\t"), (#"\u0041\u00e9\u20AC"#, "Aé€"), (#"\ud83d\ude00"#, "😀"),
    (#"\uD83D"#, "\u{FFFD}"), (#"\uD83Dx"#, "\u{FFFD}x"), (#"\uDE00"#, "\u{FFFD}"),
    (#"\uDE00\uDE00"#, "\u{FFFD}\u{FFFD}"),
    (#"\ud83d\ud83d\ude00"#, "\u{FFFD}😀"),
    (#"\ud83d\u0041"#, "\u{FFFD}A"), (#"\ud83d\n"#, "\u{FFFD}\n"), (#"a\u0000b"#, "a\u{0}b"),
    ("Grüße, 世界 🙂", "Grüße, 世界 🙂"),
    ("\u{7F}\u{80}\u{7FF}\u{800}\u{FFFF}\u{10000}\u{10FFFF}", "\u{7F}\u{80}\u{7FF}\u{800}\u{FFFF}\u{10000}\u{10FFFF}"),
    (#"1234567\n1234567\n12345678\n123456789\n"#, "1234567\n1234567\n12345678\n123456789\n"),
])
func `strings are unescaped`(_ json: String, _ expected: String) throws {
    for pad in ["", "a", "abcdefg", "abcdefgh", String(repeating: "z", count: 200)] {
        #expect(try transcodedValue(#"{"stringValue":"\#(pad)\#(json)\#(pad)"}"#) == "'\(pad)\(expected)\(pad)'")
    }
}
