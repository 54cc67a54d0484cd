// LogRecordViewTests.swift - log records in the conversation of their span.

import HTTPTypes
import QueryAPI
import TestSupport
import Testing
import TraceModel
import TraceStore

struct LogRecordViewTests {
    private static let path = "/v1/traces/\(SampleTrace.id)"

    private static func reader(records: Bool = true) async -> InMemoryTraceReader {
        let reader = InMemoryTraceReader()
        var trace = SampleTrace(number: 1)
        for id in 1...5 as ClosedRange<UInt64> { trace.add(id, under: id - 1) }
        trace.summary.spanCount = 5
        await reader.add(trace)
        guard records else { return reader }
        for id in 1...5 as ClosedRange<UInt64> {
            var question = SampleRecord("gen_ai.user.message").saying(("content", "question \(id)"))
            question.time = 2
            var answer = SampleRecord("gen_ai.choice").saying(("message", "answer \(id)"))
            answer.time = 3
            var order = SampleRecord("gen_ai.system.message").saying(("content", "order \(id)"))
            order.time = 0
            order.observed = 1
            await reader.keep([answer.bytes, question.bytes, order.bytes], with: SpanID(id), of: 1)
        }
        return reader
    }

    @Test(arguments: ["", "?view=tree", "/spans"])
    func `every span shows what its records say, by time`(_ view: String) async throws {
        let reader = await Self.reader()
        let text = try await ask(reader, Self.path + view).text
        for id in 1...5 {
            let shown =
                #""input_messages":[{"role":"system","parts":[{"type":"text","content":"order \#(id)"}]},"#
                + #"{"role":"user","parts":[{"type":"text","content":"question \#(id)"}]}]"#
            #expect(text.contains(shown), "\(text.prefix(2000))")
            #expect(text.contains("answer \(id)"))
        }
    }

    @Test func `a single span shows its own records`() async throws {
        let text = try await ask(await Self.reader(), Self.path + "/spans/0000000000000003").text
        #expect(text.contains("question 3") && !text.contains("question 2"))
    }

    @Test(arguments: ["?fields=summary", "/spans?fields=summary", "?view=otlp"])
    func `a summary and OTLP read no records`(_ view: String) async throws {
        let reader = await Self.reader()
        let text = try await ask(reader, Self.path + view).text
        #expect(!text.contains("question"))
        #expect(await reader.recordReads == 0)
    }

    @Test func `a trace without records is asked for them once`() async throws {
        let reader = await Self.reader(records: false)
        #expect(try await ask(reader, Self.path).status == .ok)
        #expect(await reader.recordReads == 1)
        // Nor once where the store knows.
        await reader.keepSpans()
        #expect(try await ask(reader, Self.path).status == .ok)
        #expect(await reader.recordReads == 1)
    }

    @Test func `large records are read in slices, and none is lost`() async throws {
        let reader = await Self.reader()
        let long = String(repeating: "long ", count: 100_000)
        for id in 1...5 as ClosedRange<UInt64> {
            let record = SampleRecord("gen_ai.user.message").saying(("content", "\(long) question \(id)"))
            await reader.keep([record.bytes], with: SpanID(id), of: 1)
        }
        let text = try await ask(reader, Self.path).text
        for id in 1...5 { #expect(text.contains("question \(id)")) }
        #expect(await reader.recordReads == 3)
    }

    @Test func `a damaged record is left out`() async throws {
        let reader = await Self.reader()
        let good = SampleRecord("gen_ai.user.message").saying(("content", "good words"))
        await reader.keep([[1, 2, 3], good.bytes], with: SpanID(1), of: 1)
        #expect(try await ask(reader, Self.path).text.contains("good words"))
    }
}
