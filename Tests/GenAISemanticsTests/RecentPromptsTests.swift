// RecentPromptsTests.swift - what requests share of prompts is bounded, and one of each conversation.

import TestSupport
import Testing
import TraceModel

@testable import GenAISemantics

struct RecentPromptsTests {
    private static func message(_ text: String) -> String {
        #"{"role":"user","content":"\#(text) \#(String(repeating: "a long text ", count: 800))"}"#
    }

    private static func span(_ trace: TraceID, _ messages: [String]) -> SpanDraft {
        var draft = SpanDraft(["gen_ai.operation.name": "chat", "gen_ai.request.model": "m"])
        draft.traceID = trace
        draft.attributes.append(("gen_ai.input.messages", .text("[" + messages.joined(separator: ",") + "]")))
        return draft
    }

    /// Reads spans, each with a finder of its own.
    private func read(_ spans: [SpanDraft], _ recent: RecentPrompts) throws {
        for span in spans {
            try span.withSpan { span in
                var finder = SpanFinder(sharing: recent)
                #expect(finder.promptHash(of: span) != nil)
            }
        }
    }

    @Test func `one of each conversation of a trace is kept, as it was last`() throws {
        let recent = RecentPrompts()
        let trace = TraceID(high: 7, low: 7)
        let steps = (1...10).map { step in (1...step).map { Self.message("main \($0)") } }
        let others = (1...10).map { step in (1...step).map { Self.message("helper \($0)") } }
        for (step, other) in zip(steps, others) {
            try read([Self.span(trace, step), Self.span(trace, other)], recent)
        }
        let kept = recent.prompts(of: trace)
        #expect(kept.map(\.made.marks.count) == [10, 10])
        #expect(kept.map { $0.made.hashed == $0.made.messages.count } == [true, true])
        #expect(recent.prompts(of: TraceID(high: 7, low: 8)).isEmpty)
        recent.removeAll()
        #expect(recent.prompts(of: trace).isEmpty)
        #expect(recent.bytesKept == 0)
    }

    @Test func `a span without a trace id leaves nothing`() throws {
        let recent = RecentPrompts()
        var span = Self.span(TraceID(high: 7, low: 7), [Self.message("one")])
        span.traceID = nil
        try read([span], recent)
        #expect(recent.bytesKept == 0)
    }

    @Test func `a short list, which is read again in no time, is not shared`() throws {
        let recent = RecentPrompts()
        let short = #"{"role":"user","content":"\#(String(repeating: "a", count: 8000))"}"#
        try read([Self.span(TraceID(high: 7, low: 7), [short])], recent)
        #expect(recent.bytesKept == 0)
    }

    @Test func `of prompts that take more together than all may take the last ones are kept`() throws {
        let recent = RecentPrompts()
        let trace = TraceID(high: 7, low: 7)
        let short = Array(repeating: #"{"role":"user","content":"a"}"#, count: 6000)
        try read((0..<4).map { Self.span(trace, [Self.message("\($0)")] + short) }, recent)
        #expect(recent.prompts(of: trace).map(\.made.number) == [3, 4])
        #expect(recent.bytesKept <= 2 << 20)
    }

    @Test func `of a trace and of all traces no more is kept than may be, the last ones`() throws {
        let recent = RecentPrompts()
        let trace = TraceID(high: 7, low: 7)
        try read((0..<9).map { Self.span(trace, [Self.message("\($0)")]) }, recent)
        #expect(recent.prompts(of: trace).count == 4)
        for low in 0..<400 {
            let messages = (0..<4).map { Self.message("\(low) \($0)") }
            try read([Self.span(TraceID(high: 1, low: UInt64(low)), messages)], recent)
            #expect(recent.bytesKept <= 4 << 20)
        }
        #expect(recent.bytesKept > 2 << 20)
        #expect(recent.prompts(of: trace).isEmpty)
        #expect(recent.prompts(of: TraceID(high: 1, low: 399)).count == 1)
    }

    @Test func `finders at the same time find what one finds alone`() async throws {
        let recent = RecentPrompts()
        let trace = TraceID(high: 7, low: 7)
        let spans = (1...25).map { step in Self.span(trace, (1...step).map { Self.message("\($0 % 7)") }) }
        try await withThrowingTaskGroup { group in
            for worker in 0..<4 {
                group.addTask {
                    for span in worker % 2 == 0 ? spans : spans.reversed() {
                        await Task.yield()
                        try span.withSpan { span in
                            var alone = SpanFinder()
                            var sharing = SpanFinder(sharing: recent)
                            #expect(sharing.promptHash(of: span) == alone.promptHash(of: span))
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
    }
}
