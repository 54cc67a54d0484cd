// LogExportTests.swift - exports of log records over HTTP.

import HTTPTypes
import IngestPipeline
import MetricsTestKit
import OTLPCodec
import TestSupport
import Testing
import TraceModel

struct LogExportTests {
    private static let name = "a name that is long enough"
    private static let labels = [("transport", "http"), ("encoding", "protobuf")]

    @Test(arguments: ["/v1/logs", "/v1/logs/", "/prefix/v1/logs"])
    func `records are handed on, below any prefix`(_ path: String) async throws {
        let logs = RecordingLogConsumer()
        let harness = ReceiverHarness(logs: logs)
        let body = SampleRecord.request([SampleRecord(Self.name, trace: 1, span: 2)])
        let answer = try await harness.send(.post, path, body: [body], headers: ["X-Skein-Project": "p"])
        #expect(answer.status == 200 && answer.body.isEmpty)
        let batch = try #require(await logs.batches.first)
        #expect(batch.project == "p")
        #expect(batch.records.kind == .logRecords)
        #expect(batch.records.groups.map(\.project) == ["p"])
        #expect(batch.records.spans.map(\.spanID) == [SpanID(2)])
        #expect(harness.budget.usedBytes == 0)
    }

    @Test func `records are counted by what became of them`() async throws {
        let harness = ReceiverHarness(logs: RecordingLogConsumer(ignoring: 1))
        let records = [SampleRecord(Self.name), SampleRecord(Self.name), SampleRecord("short")]
        let bad = WireWriter { $0.message(1) { $0.message(2) { $0.message(2) { $0.sized(12, [0xFF]) } } } }.bytes
        let answer = try await harness.send(.post, "/v1/logs", body: [SampleRecord.request(records) + bad])
        #expect(answer.status == 200)
        #expect(
            answer.body
                == OTLPAnswer.success(
                    RejectedSpans(
                        count: 1,
                        message: "1 of 4 log records rejected: 1 with a string that is not UTF-8"
                    ),
                    as: .protobuf
                )
        )
        func total(_ what: String) -> Int64? {
            harness.metrics.counterTotal(label: "receiver_\(what)_log_records", dimensions: Self.labels)
        }
        #expect(total("received") == 4)
        #expect(total("accepted") == 1)
        #expect(total("ignored") == 2)
        #expect(total("rejected") == 1)
        let failing = ReceiverHarness(
            logs: RecordingLogConsumer(failure: TestError(code: .unavailable, message: "no room"))
        )
        let refused = try await failing.send(.post, "/v1/logs", body: [SampleRecord.request(records)])
        #expect(refused.status == 503)
        #expect(
            failing.metrics.counterTotal(label: "receiver_refused_log_records", dimensions: Self.labels) == 3
        )
    }

    @Test func `bodies are refused as those of traces are`() async throws {
        let bodies: [(type: String, body: [UInt8], headers: [String: String])] = [
            ("application/x-protobuf", [1, 2, 3], [:]), ("application/json", Array("[]".utf8), [:]),
            ("application/json", Array("{".utf8), [:]), ("text/plain", [], [:]),
            ("application/json", Array("{}".utf8), ["Content-Encoding": "br"]),
            ("application/x-protobuf", [1], ["Content-Encoding": "gzip"]),
            ("application/json", Array("{}".utf8), ["X-Skein-Project": ""]),
            ("application/x-protobuf", Array(repeating: 0, count: 101), [:]),
        ]
        for body in bodies {
            let harness = ReceiverHarness(maxBodyBytes: 100)
            let (type, bytes, headers) = body
            let logs = try await harness.send(.post, "/v1/logs", type: type, body: [bytes], headers: headers)
            let traces = try await harness.send(.post, "/v1/traces", type: type, body: [bytes], headers: headers)
            #expect(logs.status == traces.status && logs.status >= 400)
            #expect(logs.body == traces.body)
            #expect(logs.type == traces.type)
        }
    }

    @Test func `JSON is answered in JSON`() async throws {
        let logs = RecordingLogConsumer()
        let json = #"{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"eventName":"\#(Self.name)","traceId":"xx"}]}]}]}"#
        let answer = try await ReceiverHarness(logs: logs)
            .send(.post, "/v1/logs", type: "application/json", body: [Array(json.utf8)])
        #expect(answer.status == 200 && answer.text == "{}")
        #expect(await logs.batches.first?.records.spans.count == 1)
    }
}
