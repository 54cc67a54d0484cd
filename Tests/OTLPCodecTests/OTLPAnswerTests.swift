// OTLPAnswerTests.swift - the bodies of answers in both encodings.

import COTLP
import Foundation
import OTLPCodec
import Testing
import TraceModel

@Test func `an answer has the media type of its encoding`() {
    #expect(OTLPEncoding.protobuf.contentType == "application/x-protobuf")
    #expect(OTLPEncoding.json.contentType == "application/json")
}

@Test func `full success is an empty message`() {
    #expect(OTLPAnswer.success(.none, as: .protobuf).isEmpty)
    #expect(text(OTLPAnswer.success(.none, as: .json)) == "{}")
}

@Test func `partial success counts the rejected spans`() throws {
    let rejected = RejectedSpans(count: 300, message: "2 \"bad\" ids\n\u{1}é")
    let json = #"{"partialSuccess":{"rejectedSpans":"300","errorMessage":"2 \"bad\" ids\u000a\u0001é"}}"#
    #expect(text(OTLPAnswer.success(rejected, as: .json)) == json)

    let bytes = OTLPAnswer.success(rejected, as: .protobuf)
    let answer = try #require(
        opentelemetry__proto__collector__trace__v1__export_trace_service_response__unpack(nil, bytes.count, bytes)
    )
    defer { opentelemetry__proto__collector__trace__v1__export_trace_service_response__free_unpacked(answer, nil) }
    let partial = try #require(answer.pointee.partial_success)
    #expect(partial.pointee.rejected_spans == 300)
    #expect(text(partial.pointee.error_message) == rejected.message)
}

@Test func `a warning is a partial success without rejected spans`() {
    let warning = RejectedSpans(count: 0, message: "old")
    #expect(text(OTLPAnswer.success(warning, as: .json)) == #"{"partialSuccess":{"errorMessage":"old"}}"#)
    #expect(OTLPAnswer.success(warning, as: .protobuf) == [0x0A, 5, 0x12, 3] + Array("old".utf8))
    #expect(
        text(OTLPAnswer.success(RejectedSpans(count: 1), as: .json)) == #"{"partialSuccess":{"rejectedSpans":"1"}}"#
    )
}

@Test(arguments: [OTLPEncoding.protobuf, .json])
func `long texts are cut between two characters`(_ encoding: OTLPEncoding) {
    let long = "x" + String(repeating: "é", count: 5_000)
    let kept = "x" + String(repeating: "é", count: 2_047)
    let all = [
        OTLPAnswer.success(RejectedSpans(count: 1, message: long), as: encoding),
        OTLPAnswer.status(code: 3, message: long, details: [], as: encoding),
        OTLPAnswer.status(code: 3, message: "", details: [.badRequest(field: "f", description: long)], as: encoding),
    ]
    for answer in all {
        #expect(text(answer).contains(kept))
        #expect(!text(answer).contains(kept + "é"))
        #expect(String(validating: answer, as: UTF8.self) != nil || encoding == .protobuf)
    }
    let fits = String(repeating: "a", count: OTLPAnswer.maxTextBytes)
    #expect(text(OTLPAnswer.status(code: 3, message: fits, details: [], as: encoding)).contains(fits))
}

@Test func `an error in JSON is a status with typed details`() {
    let details: [StatusDetail] = [.badRequest(field: "body", description: "no \\ JSON"), .retryInfo(.seconds(5))]
    let expected =
        #"{"code":3,"message":"bad","details":[{"@type":"type.googleapis.com/google.rpc.BadRequest","#
        + #""fieldViolations":[{"field":"body","description":"no \\ JSON"}]},"#
        + #"{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"5s"}]}"#
    #expect(text(OTLPAnswer.status(code: 3, message: "bad", details: details, as: .json)) == expected)
    #expect(text(OTLPAnswer.status(code: 13, message: "m", details: [], as: .json)) == #"{"code":13,"message":"m"}"#)
}

@Test(arguments: [
    (Duration.milliseconds(1_500), "1.500s"), (.microseconds(20), "0.000020s"), (.nanoseconds(7), "0.000000007s"),
    (.zero, "0s"), (.seconds(-3), "0s"), (.seconds(60), "60s"),
])
func `a delay in JSON has the decimals that it needs`(_ delay: Duration, _ expected: String) {
    let status = OTLPAnswer.status(code: 14, message: "", details: [.retryInfo(delay)], as: .json)
    #expect(text(status).contains(#""retryDelay":"\#(expected)""#))
}

@Test func `an error in protobuf is a status with packed details`() throws {
    let details: [StatusDetail] = [.badRequest(field: "body", description: "short"), .retryInfo(.milliseconds(1_500))]
    let bytes = OTLPAnswer.status(code: 14, message: "busy", details: details, as: .protobuf)
    let status = try #require(google__rpc__status__unpack(nil, bytes.count, bytes))
    defer { google__rpc__status__free_unpacked(status, nil) }
    #expect(status.pointee.code == 14)
    #expect(text(status.pointee.message) == "busy")
    try #require(status.pointee.n_details == 2)
    let first = try #require(status.pointee.details[0]).pointee
    #expect(text(first.type_url) == "type.googleapis.com/google.rpc.BadRequest")
    let violations = try #require(google__rpc__bad_request__unpack(nil, first.value.len, first.value.data))
    defer { google__rpc__bad_request__free_unpacked(violations, nil) }
    try #require(violations.pointee.n_field_violations == 1)
    let violation = try #require(violations.pointee.field_violations[0]).pointee
    #expect(text(violation.field) == "body")
    #expect(text(violation.description) == "short")

    let second = try #require(status.pointee.details[1]).pointee
    #expect(text(second.type_url) == "type.googleapis.com/google.rpc.RetryInfo")
    let retry = try #require(google__rpc__retry_info__unpack(nil, second.value.len, second.value.data))
    defer { google__rpc__retry_info__free_unpacked(retry, nil) }
    let delay = try #require(retry.pointee.retry_delay).pointee
    #expect(delay.seconds == 1)
    #expect(delay.nanos == 500_000_000)
}

private func text(_ bytes: [UInt8]) -> String {
    String(decoding: bytes, as: UTF8.self)
}

private func text(_ data: ProtobufCBinaryData) -> String {
    String(decoding: UnsafeBufferPointer(start: data.data, count: data.len), as: UTF8.self)
}
