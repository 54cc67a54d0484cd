// OTLPHTTPRoutesTests.swift - what the OTLP/HTTP endpoints promise.

import HTTPTypes
import MetricsTestKit
import TestSupport
import Testing
import TraceModel

struct OTLPHTTPRoutesTests {
    @Test func `a protobuf request is consumed and answered with zero bytes`() async throws {
        let consumer = RecordingConsumer()
        let answer = try await ReceiverHarness(consumer).send(body: [Sample.spans(3)])
        #expect(answer.status == 200)
        #expect(answer.type == "application/x-protobuf")
        #expect(answer.body.isEmpty)
        #expect(await consumer.spanCount == 3)
    }

    @Test(arguments: [
        "application/json", "APPLICATION/JSON", "application/json; charset=utf-8", " application/json ;charset=utf-8",
    ])
    func `a json request is consumed and answered in json`(_ type: String) async throws {
        let consumer = RecordingConsumer()
        let answer = try await ReceiverHarness(consumer).send(type: type, body: [Sample.json])
        #expect(answer.status == 200)
        #expect(answer.type == "application/json")
        #expect(answer.text == "{}")
        #expect(await consumer.spanCount == 1)
    }

    @Test(arguments: ["application/protobuf", "application/vnd.google.protobuf", "Application/X-Protobuf"])
    func `other names of protobuf are taken as protobuf`(_ type: String) async throws {
        let answer = try await ReceiverHarness().send(type: type, body: [Sample.spans()])
        #expect(answer.status == 200)
        #expect(answer.type == "application/x-protobuf")
    }

    @Test(arguments: [nil, "text/plain", "application/grpc", "application/jsonx", ""])
    func `another or no content type is 415 with a json status`(_ type: String?) async throws {
        let consumer = RecordingConsumer()
        let answer = try await ReceiverHarness(consumer).send(type: type, body: [Sample.spans()])
        #expect(answer.status == 415)
        #expect(answer.type == "application/json")
        #expect(answer.text.contains(#""code":12"#))
        #expect(answer.text.contains("application/x-protobuf"))
        #expect(await consumer.batches.isEmpty)
    }

    @Test(arguments: ["application/x-protobuf", "application/json"])
    func `an empty body is an empty request`(_ type: String) async throws {
        let consumer = RecordingConsumer()
        for declared in [true, false] {
            let answer = try await ReceiverHarness(consumer).send(type: type, body: [], declared: declared)
            #expect(answer.status == 200)
            #expect(answer.type == type)
        }
        #expect(await consumer.batches.isEmpty)
    }

    @Test func `bad data is 400 in the encoding of the request`() async throws {
        let binary = try await ReceiverHarness().send(body: [Sample.broken])
        #expect(binary.status == 400)
        #expect(binary.type == "application/x-protobuf")
        #expect(binary.body.prefix(2) == [0x08, 3])
        let json = try await ReceiverHarness().send(
            type: "application/json",
            body: [Array(#"{"resourceSpans":["#.utf8)]
        )
        #expect(json.status == 400)
        #expect(json.type == "application/json")
        #expect(json.text.contains(#""code":3"#))
        #expect(json.text.contains("google.rpc.BadRequest"))
    }

    @Test func `rejections of the decoder and of the consumer are added up`() async throws {
        let consumer = RecordingConsumer(rejecting: RejectedSpans(count: 1, message: "trace is full"))
        let harness = ReceiverHarness(consumer)
        var writer = WireWriter()
        writer.raw(Sample.withOneBadSpan)
        writer.raw(Sample.spans(2))
        let answer = try await harness.send(body: [writer.bytes])
        #expect(answer.status == 200)
        let message = try #require(answer.text.firstIndex(of: ";").map { answer.text[$0...] })
        #expect(message.hasSuffix("; trace is full"))
        // partial_success (1), rejected_spans (1) = 2.
        #expect(answer.body.first == 0x0A)
        #expect(answer.body.contains(subsequence: [0x08, 2, 0x12]))
    }

    @Test(arguments: [
        (ErrorCode.invalid, 400, 3), (.unauthenticated, 401, 16), (.tooLarge, 413, 8), (.unsupported, 415, 12),
        (.overloaded, 503, 14), (.unavailable, 503, 14), (.notFound, 404, 5),
    ])
    func `an error of the consumer has its status`(_ code: ErrorCode, _ status: Int, _ number: UInt8) async throws {
        let harness = ReceiverHarness(FailingConsumer(TestError(code: code, message: "the reason")))
        let binary = try await harness.send(body: [Sample.spans()])
        #expect(binary.status == status)
        #expect(binary.body.prefix(2) == [0x08, number])
        let json = try await harness.send(type: "application/json", body: [Sample.json])
        #expect(json.status == status)
        #expect(json.text.contains(#""code":\#(number),"message":"the reason""#))
        let delay = json.headers["retry-after"].flatMap { Int($0) } ?? 0
        #expect((delay > 0) == code.isRetryable)
        #expect(json.text.contains("google.rpc.RetryInfo") == code.isRetryable)
    }

    @Test func `an internal error tells the client no more than the request id`() async throws {
        for error in [TestError(code: .internal, message: "secret") as any Error & Sendable, UnknownError()] {
            let answer = try await ReceiverHarness(FailingConsumer(error)).send(
                type: "application/json",
                body: [Sample.json]
            )
            #expect(answer.status == 500)
            #expect(answer.text.contains("internal error (request id request-1)"))
            #expect(!answer.text.contains("secret"))
        }
    }

    @Test func `a cancelled consumer asks to send again`() async throws {
        let answer = try await ReceiverHarness(FailingConsumer(CancellationError())).send(body: [Sample.spans()])
        #expect(answer.status == 503)
    }

    @Test func `other methods are 405 and name those allowed`() async throws {
        for method in [.put, .patch, .options] as [HTTPRequest.Method] {
            let traces = try await ReceiverHarness().send(method, type: nil)
            #expect(traces.status == 405)
            #expect(traces.headers["allow"] == "GET, HEAD, POST, DELETE")
        }
        let logs = try await ReceiverHarness().send(.get, "/v1/logs", type: nil)
        #expect(logs.status == 405)
        #expect(logs.headers["allow"] == "POST")
        #expect(try await ReceiverHarness().send(.head, "/v1/logs", type: nil).body.isEmpty)
    }

    @Test(arguments: ["/v1/traces/", "/prefix/v1/traces", "/two/parts/v1/traces"])
    func `a trailing slash and a prefix do not matter`(_ path: String) async throws {
        #expect(try await ReceiverHarness().send(.post, path, body: [Sample.spans()]).status == 200)
    }

    @Test func `metrics are answered, counted and dropped`() async throws {
        let path = "/v1/metrics"
        let consumer = RecordingConsumer()
        let harness = ReceiverHarness(consumer, maxBodyBytes: 100)
        let binary = try await harness.send(.post, path, body: [[1, 2, 3]])
        #expect(binary.status == 200)
        #expect(binary.body.isEmpty)
        let json = try await harness.send(.post, path, type: "application/json", body: [Array("{}".utf8)])
        #expect(json.text == "{}")
        #expect(try await harness.send(.post, path, type: "text/plain", body: [[1]]).status == 415)
        #expect(
            try await harness.send(.post, path, body: [Array(repeating: 0, count: 101)], declared: false).status == 413
        )
        #expect(harness.metrics.counterTotal(label: "receiver_ignored_metric_requests") == 2)
        #expect(await consumer.batches.isEmpty)
    }

    @Test func `spans are counted by what became of them`() async throws {
        let labels = [("transport", "http"), ("encoding", "protobuf")]
        let good = ReceiverHarness()
        _ = try await good.send(body: [Sample.spans(3)])
        _ = try await good.send(body: [Sample.withOneBadSpan])
        _ = try await good.send(body: [Sample.broken])
        #expect(good.metrics.counterTotal(label: "receiver_accepted_spans", dimensions: labels) == 4)
        #expect(good.metrics.counterTotal(label: "receiver_rejected_spans", dimensions: labels) == 1)
        #expect(good.metrics.counterTotal(label: "receiver_refused_requests", dimensions: labels) == 1)
        let failing = ReceiverHarness(FailingConsumer(TestError(code: .unavailable, message: "")))
        _ = try await failing.send(body: [Sample.spans(3)])
        #expect(failing.metrics.counterTotal(label: "receiver_refused_spans", dimensions: labels) == 3)
    }
}
