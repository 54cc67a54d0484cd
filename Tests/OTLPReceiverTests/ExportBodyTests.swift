// ExportBodyTests.swift - bodies: how they come, how large they may be, what they cost.

import IngestPipeline
import TestSupport
import Testing
import TraceModel

struct ExportBodyTests {
    @Test(arguments: [1, 7, 4096, 100_000])
    func `a body in chunks is put together`(_ size: Int) async throws {
        let body = Sample.spans(200)
        let chunks = stride(from: 0, to: body.count, by: size).map { Array(body[$0..<min($0 + size, body.count)]) }
        for declared in [true, false] {
            let consumer = RecordingConsumer()
            let harness = ReceiverHarness(consumer)
            #expect(try await harness.send(body: chunks, declared: declared).status == 200)
            #expect(await consumer.spanCount == 200)
            #expect(await consumer.batches.first.map { Array($0.storage.bytes) } == body)
            #expect(harness.budget.usedBytes == 0)
        }
    }

    @Test func `a body at the limit passes and one over it is 413`() async throws {
        let body = Sample.spans(20)
        for declared in [true, false] {
            let fits = ReceiverHarness(maxBodyBytes: body.count)
            #expect(try await fits.send(body: [body], declared: declared).status == 200)
            let tooSmall = ReceiverHarness(maxBodyBytes: body.count - 1)
            let answer = try await tooSmall.send(body: [body], declared: declared)
            #expect(answer.status == 413)
            #expect(answer.type == "application/x-protobuf")
            #expect(answer.text.contains("limit is \(body.count - 1) bytes (receivers.otlp.max_body_bytes)"))
            #expect(tooSmall.budget.usedBytes == 0)
        }
    }

    @Test func `a declared length over the limit is refused without touching the budget`() async throws {
        let harness = ReceiverHarness(maxBodyBytes: 1000)
        for length in ["1001", "99999999999999999999999"] {
            let answer = try await harness.send(body: [], declared: false, headers: ["content-length": length])
            #expect(answer.status == 413)
        }
        #expect(harness.budget.peakBytes == 0)
    }

    @Test func `a full budget is 503 with Retry-After`() async throws {
        let harness = ReceiverHarness(budgetBytes: 1000)
        let holder = harness.budget.lease()
        try await holder.grow(by: 990)
        let answer = try await harness.send(body: [Sample.spans()])
        #expect(answer.status == 503)
        #expect(answer.text.contains("receivers.memory_budget_bytes"))
        #expect(answer.headers["retry-after"] != nil)
        holder.end()
        #expect(try await harness.send(body: [Sample.spans()]).status == 200)
    }

    @Test func `what the consumer needs beside the batch is paid for`() async throws {
        let body = Sample.spans()
        let harness = ReceiverHarness(GreedyConsumer(bytes: 5000), budgetBytes: 4000)
        let holder = harness.budget.lease()
        try await holder.grow(by: 10)
        #expect(try await harness.send(body: [body]).status == 503)
        holder.end()
        #expect(try await harness.send(body: [body]).status == 200)
        #expect(harness.budget.peakBytes >= body.count + 5000)
        #expect(harness.budget.usedBytes == 0)
    }

    @Test func `the budget is held until the consumer answers`() async throws {
        let consumer = WaitingConsumer()
        let harness = ReceiverHarness(consumer)
        let body = Sample.spans(9)
        async let answer = harness.send(body: [body])
        await consumer.waitForBatch()
        #expect(harness.budget.usedBytes == body.count)
        await consumer.goOn()
        #expect(try await answer.status == 200)
        #expect(harness.budget.usedBytes == 0)
    }

    @Test(arguments: [("gzip", Compressed.gzip), ("X-GZIP", Compressed.gzip), ("deflate", Compressed.deflate)])
    func `a compressed body is inflated and paid for`(_ name: String, _ body: [UInt8]) async throws {
        let consumer = RecordingConsumer()
        let harness = ReceiverHarness(consumer)
        let answer = try await harness.send(type: "application/json", body: [body], headers: ["content-encoding": name])
        #expect(answer.status == 200)
        #expect(answer.text == "{}")
        #expect(await consumer.spanCount == 1)
        #expect(harness.budget.peakBytes >= Sample.json.count)
        #expect(harness.budget.usedBytes == 0)
    }

    @Test func `what inflates beyond the limit is 413`() async throws {
        // A limit between the compressed size and the plain one.
        let harness = ReceiverHarness(maxBodyBytes: Compressed.gzip.count + 5)
        let answer = try await harness.send(
            type: "application/json",
            body: [Compressed.gzip],
            headers: ["content-encoding": "gzip"]
        )
        #expect(answer.status == 413)
        #expect(answer.type == "application/json")
        #expect(harness.budget.usedBytes == 0)
    }

    @Test func `a size hint that is too small costs a second try, not the request`() async throws {
        // The last four bytes are the hint: the length modulo 2^32.
        let padded = Compressed.gzipOfManySpaces
        let consumer = RecordingConsumer()
        let answer = try await ReceiverHarness(consumer).send(
            type: "application/json",
            body: [padded + Compressed.gzipOfEmptyObject],
            headers: ["content-encoding": "gzip"]
        )
        #expect(answer.status == 200)
    }

    @Test func `a broken compression is 400 and another is 415`() async throws {
        var broken = Compressed.gzip
        broken[20] ^= 0xFF
        let answer = try await ReceiverHarness().send(body: [broken], headers: ["content-encoding": "gzip"])
        #expect(answer.status == 400)
        for name in ["zstd", "br", "gzip, gzip"] {
            let answer = try await ReceiverHarness().send(body: [[1]], headers: ["content-encoding": name])
            #expect(answer.status == 415)
            #expect(answer.type == "application/x-protobuf")
        }
        #expect(
            try await ReceiverHarness().send(body: [Sample.spans()], headers: ["content-encoding": "Identity"]).status
                == 200
        )
    }

    @Test(arguments: ["shop", "Łódź 北京", String(repeating: "x", count: 128)])
    func `the project named by the sender reaches the batch`(_ project: String) async throws {
        let consumer = RecordingConsumer()
        let answer = try await ReceiverHarness(consumer).send(
            body: [Sample.spans()],
            headers: ["x-skein-project": project]
        )
        #expect(answer.status == 200)
        #expect(await consumer.batches.first?.groups.first?.project == project)
    }

    @Test(arguments: ["", String(repeating: "x", count: 129), "a\tb", "a\u{200B}b", "a\u{FFFD}b"])
    func `a project name that is empty, long or not printable is 400`(_ project: String) async throws {
        let answer = try await ReceiverHarness().send(body: [Sample.spans()], headers: ["x-skein-project": project])
        #expect(answer.status == 400)
        #expect(answer.text.contains("X-Skein-Project"))
    }
}

/// Takes every batch and says that it needs memory for it.
private struct GreedyConsumer: TraceConsumer {
    let bytes: Int

    func consume(_ batch: SpanBatch) async throws -> ConsumeReceipt {
        ConsumeReceipt(stored: batch.spans.count)
    }

    func workingBytes(of batch: SpanBatch) -> Int { bytes }
}
