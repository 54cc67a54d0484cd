// JSONTranscoderTests.swift - OTLP/JSON to protobuf: messages and their fields.

import OTLPCodec
import Testing
import TraceModel

@Test(arguments: [
    "", " \r\n\t", "{}", "\u{FEFF}{}", "\u{FEFF} {} \n", #"{"resourceSpans":[]}"#, #"{"resourceSpans":null}"#,
])
func `a body without spans is an empty request`(_ json: String) throws {
    #expect(try transcodedBytes(json).isEmpty)
}

@Test func `a request keeps every field of every message`() throws {
    let json = #"""
        {"resourceSpans":[{
          "resource":{"attributes":[{"key":"service.name","value":{"stringValue":"shop"}}],"droppedAttributesCount":2,
            "entityRefs":[{"schemaUrl":"u","type":"service","idKeys":["a","b"],"descriptionKeys":["c"]}]},
          "schemaUrl":"r",
          "scopeSpans":[{"scope":{"name":"n","version":"1","attributes":[{"key":"x","value":{"boolValue":true}}],
            "droppedAttributesCount":3},"schemaUrl":"s",
            "spans":[{"traceId":"0102030405060708090a0b0c0d0e0f10","spanId":"0102030405060708","traceState":"a=b",
              "parentSpanId":"1112131415161718","name":"chat","kind":3,"startTimeUnixNano":"1795236132834717387",
              "endTimeUnixNano":1795236132834717388,"attributes":[{"key":"t","value":{"intValue":"5"}}],
              "droppedAttributesCount":1,
              "events":[{"timeUnixNano":"7","name":"e","attributes":[{"key":"m"}],"droppedAttributesCount":4}],
              "droppedEventsCount":5,
              "links":[{"traceId":"ffffffffffffffffffffffffffffffff","spanId":"eeeeeeeeeeeeeeee","traceState":"c=d",
                "attributes":[],"droppedAttributesCount":6,"flags":257}],
              "droppedLinksCount":8,"status":{"message":"late","code":2},"flags":769}]}]}]}
        """#
    let expected =
        "[{resource={attributes=[service.name='shop'] dropped=2 "
        + "entities=[{schema=u type=service ids=[a b] descriptions=[c]}]} "
        + "scopes=[{scope={name=n version=1 attributes=[x=true] dropped=3} "
        + "spans=[{trace=0102030405060708090a0b0c0d0e0f10 span=0102030405060708 state=a=b parent=1112131415161718 "
        + "name=chat kind=3 start=1795236132834717387 end=1795236132834717388 attributes=[t=int 5] droppedAttributes=1 "
        + "events=[{time=7 name=e attributes=[m=absent] dropped=4}] droppedEvents=5 "
        + "links=[{trace=ffffffffffffffffffffffffffffffff span=eeeeeeeeeeeeeeee state=c=d dropped=6 flags=257}] "
        + "droppedLinks=8 status={message=late code=2} flags=769}] schema=s}] schema=r}]"
    #expect(try transcoded(json) == expected)
}

@Test func `the bytes are those that a protobuf sender would write`() throws {
    let json = #"{"resourceSpans":[{"scopeSpans":[{"spans":[{"name":"ab","kind":0,"parentSpanId":"","flags":1}]}]}]}"#
    let span: [UInt8] = [0x2A, 2, 0x61, 0x62, 0x85, 0x01, 1, 0, 0, 0]
    let scope: [UInt8] = [0x12, UInt8(span.count)] + span
    let resource: [UInt8] = [0x12, UInt8(scope.count)] + scope
    #expect(try transcodedBytes(json) == [0x0A, UInt8(resource.count)] + resource)
}

@Test(arguments: [
    #""trace_id":"00","span_id":1,"Name":"x","NAME":"x","nam":"y","names":"z","#,
    #""unknown":{"a":[1,{"b":[[],{}]},"\u0041"],"c":null,"d":-1.5e3},"#,
    #""":1,"\u0000":2,"aVeryLongNameThatNoFieldOfAnyMessageHas":[true,false],"#,
    #""startTimeUnixNanos":1,"startTimeUnixNan":2,"startTime":3,"droppedAttributesCounts":4,"#,
    #""kind\u0000":1,"é":"ü","attribute":7,"#,
])
func `names that are not lowerCamelCase fields are ignored`(_ members: String) throws {
    #expect(try transcodedSpan(members + #""name":"kept""#) == "name=kept")
    #expect(try transcodedSpan(#""name":"kept","# + members.dropLast()) == "name=kept")
}

@Test func `unknown names are ignored at every level`() throws {
    let json = #"""
        {"x":1,"resourceSpans":[{"x":1,"resource":{"x":1,"entityRefs":[{"x":1}]},"scopeSpans":[{"x":1,"scope":{"x":1},
        "spans":[{"x":1,"status":{"x":1},"links":[{"x":1}],"events":[{"x":1,"attributes":[{"x":1,"keyStrindex":3,
        "key":"k","value":{"x":1,"stringValueStrindex":2,"kvlistValue":{"x":1,"values":[{"key":"l","value":
        {"arrayValue":{"x":1}}}]}}}]}]}]}]}]}
        """#
    let expected =
        "[{resource={entities=[{}]} scopes=[{scope={} spans=[{events=[{attributes=[k=map[l=list]]}] "
        + "links=[{}] status={}}]}]}]"
    #expect(try transcoded(json) == expected)
}

@Test func `names may be written with escapes`() throws {
    #expect(
        try transcodedSpan(#""n\u0061me":"x","\u0064roppedAttributesCoun\u0074":9"#) == "name=x droppedAttributes=9"
    )
}

@Test func `null stands for an absent field and an absent element`() throws {
    let members = #""name":null,"kind":null,"attributes":null,"status":null,"startTimeUnixNano":null,"traceId":null"#
    #expect(try transcodedSpan(members).isEmpty)
    #expect(try transcodedSpan(#""events":[null,{"name":"a"},null],"links":[null]"#) == "events=[{name=a}]")
    #expect(try transcodedValue("null") == "absent")
    #expect(try transcodedValue(#"{"arrayValue":{"values":[null,{"intValue":1}]}}"#) == "list[int 1]")
}

@Test func `of a field given twice the last one counts`() throws {
    #expect(try transcodedSpan(#""name":"a","kind":3,"name":"b","kind":0"#) == "name=b")
    #expect(try transcodedSpan(#""name":"a","parentSpanId":"01","name":"","parentSpanId":"""#).isEmpty)
    let status = #""status":{"message":"first","code":2},"name":"n","status":{"code":1},"flags":1"#
    #expect(try transcodedSpan(status) == "name=n status={code=1} flags=1")
    let long = String(repeating: "x", count: 300)
    let statuses = #""status":{"message":"\#(long)"},"name":"\#(long)","status":{"message":"b"}"#
    #expect(try transcodedSpan(statuses) == "name=\(long) status={message=b}")
}

@Test func `lists given twice are joined`() throws {
    #expect(try transcodedSpan(#""events":[{"name":"a"}],"events":[{"name":"b"}]"#) == "events=[{name=a} {name=b}]")
}

@Test(arguments: [0, 1, 126, 127, 128, 129, 130, 16_370, 16_383, 16_384, 16_390, 70_000, 2_097_151, 2_097_160])
func `lengths of any size are written right`(_ size: Int) throws {
    let text = String(repeating: "y", count: size)
    let members = #""name":"\#(text)","attributes":[{"key":"k","value":{"stringValue":"\#(text)"}}],"kind":1"#
    let name = size == 0 ? "" : "name=\(text) "
    #expect(try transcodedSpan(members) == "\(name)kind=1 attributes=[k='\(text)']")
}

@Test func `many spans and resources of mixed sizes keep their borders`() throws {
    var json: [String] = []
    var expected: [String] = []
    for resource in 0..<12 {
        let names = (0..<40).map { String(repeating: "n", count: ($0 * 37 + resource * 91) % 700 + 1) }
        json.append(#"{"scopeSpans":[{"spans":[\#(names.map { #"{"name":"\#($0)"}"# }.joined(separator: ","))]}]}"#)
        expected.append("{scopes=[{spans=[\(names.map { "{name=\($0)}" }.joined(separator: " "))]}]}")
    }
    let request = try transcoded(#"{"resourceSpans":[\#(json.joined(separator: ","))]}"#)
    #expect(request == "[\(expected.joined(separator: " "))]")
}

@Test func `small resources before a large one are not padded beyond what protobuf reads`() throws {
    let padding = String(repeating: " ", count: 40_000)
    let json = #"{"resourceSpans":[{"schemaUrl":"a"},{"schemaUrl":"b"}\#(padding)]}"#
    #expect(try transcoded(json) == "[{schema=a} {schema=b}]")
    #expect(try transcodedBytes(json) == [0x0A, 3, 0x1A, 1, 0x61, 0x0A, 3, 0x1A, 1, 0x62])
}
