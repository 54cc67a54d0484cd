// JSONTranscoderLogTests.swift - OTLP/JSON to protobuf: log records.

import COTLP
import OTLPCodec
import TestSupport
import Testing
import TraceModel

struct JSONTranscoderLogTests {
    private static func transcoded(_ json: String) throws -> [UInt8] {
        let body = BatchStorage(copying: Array(json.utf8))
        let storage = try JSONTranscoder.transcode(body.bytes, limit: 1 << 20, as: .logs)
        return withExtendedLifetime(storage) { Array(storage.bytes) }
    }

    @Test func `a log record keeps every field`() throws {
        let json = #"""
            {"resourceLogs":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"cli"}}]},
              "schemaUrl":"r","scopeLogs":[{"scope":{"name":"n"},"schemaUrl":"s","logRecords":[{
                "timeUnixNano":"5","observedTimeUnixNano":"6","severityNumber":"SEVERITY_NUMBER_INFO",
                "severityText":"info","body":{"kvlistValue":{"values":[{"key":"a","value":{"intValue":"1"}}]}},
                "attributes":[{"key":"k","value":{"boolValue":true}}],"droppedAttributesCount":2,"flags":1,
                "traceId":"0102030405060708090a0b0c0d0e0f10","spanId":"0102030405060708","eventName":"e",
                "severityWhatever":1}]}]}]}
            """#
        let expected = WireWriter { request in
            request.message(1) { resourceLogs in
                resourceLogs.message(1) { $0.attribute(1, "service.name", "cli") }
                resourceLogs.string(3, "r")
                resourceLogs.message(2) { scopeLogs in
                    scopeLogs.message(1) { $0.string(1, "n") }
                    scopeLogs.string(3, "s")
                    scopeLogs.message(2) { record in
                        record.fixed64(1, 5)
                        record.fixed64(11, 6)
                        record.number(2, 9)
                        record.string(3, "info")
                        record.message(5) { body in
                            body.message(6) { map in
                                map.message(1) { pair in
                                    pair.string(1, "a")
                                    pair.message(2) { $0.number(3, 1) }
                                }
                            }
                        }
                        record.message(6) { pair in
                            pair.string(1, "k")
                            pair.message(2) { $0.number(2, 1) }
                        }
                        record.number(7, 2)
                        record.fixed32(8, 1)
                        record.sized(9, Array(1...16))
                        record.sized(10, Array(1...8))
                        record.string(12, "e")
                    }
                }
            }
        }.bytes
        #expect(try Self.transcoded(json) == expected)
    }

    @Test(arguments: ["", "{}", #"{"resourceLogs":[]}"#, #"{"resourceSpans":[{}]}"#])
    func `a body without records is an empty request`(_ json: String) throws {
        #expect(try Self.transcoded(json).isEmpty)
    }

    @Test(arguments: [
        "[]", #"{"resourceLogs":{}}"#, #"{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"body":"text"}]}]}]}"#,
        #"{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"severityText":5}]}]}]}"#,
    ])
    func `what is no export of logs is refused`(_ json: String) {
        let error = #expect(throws: OTLPCodecError.self) { try Self.transcoded(json) }
        #expect(error?.code == .invalid)
    }

    @Test func `the answer names log records`() {
        let rejected = RejectedSpans(count: 2, message: "no")
        let json = String(decoding: OTLPAnswer.success(rejected, as: .json, for: .logs), as: UTF8.self)
        #expect(json == #"{"partialSuccess":{"rejectedLogRecords":"2","errorMessage":"no"}}"#)
        let binary = OTLPAnswer.success(rejected, as: .protobuf, for: .logs)
        #expect(binary == OTLPAnswer.success(rejected, as: .protobuf))
        #expect(OTLPAnswer.success(.none, as: .json, for: .logs) == Array("{}".utf8))
    }
}
