// ContentSwitchTests.swift - without content the texts are gone and the numbers are there.

import Foundation
import OTLPCodec
import TestSupport
import Testing
import TraceModel

@testable import IngestPipeline

struct ContentSwitchTests {
    private func off() throws -> MaskingHarness {
        try MaskingHarness(keepsContent: false)
    }

    private let long = String(repeating: "long ", count: 60)

    @Test func `content is emptied, its key stays, numbers stay`() throws {
        let span = SampleSpan(trace: 1, id: 1, name: "chat").with(
            ("gen_ai.prompt.0.content", "Hello"),
            ("gen_ai.prompt.0.role", "user"),
            ("gen_ai.usage.input_tokens", 12),
            ("gen_ai.request.model", "gpt-4o"),
            ("mine", "short")
        )
        let json = try off().json(SampleSpan.request([span]))
        #expect(json.contains(#"{"key":"gen_ai.prompt.0.content","value":{}}"#))
        for kept in [#""stringValue":"user""#, #""intValue":"12""#, "gpt-4o", "short"] { #expect(json.contains(kept)) }
    }

    @Test func `other texts above 256 bytes go, wherever they stand`() throws {
        let long = long
        let fits = String(repeating: "f", count: 256)
        let request = WireWriter { request in
            request.message(1) { resourceSpans in
                resourceSpans.message(1) { $0.attribute(1, "k", long) }
                resourceSpans.message(2) { scope in
                    scope.message(1) { $0.attribute(3, "k", long) }
                    scope.span(trace: 1, span: 1) { span in
                        span.string(5, long)
                        span.attribute(9, "fits", fits)
                        span.attribute(9, "k", long)
                        span.message(9) { attribute in
                            attribute.string(1, "nested")
                            attribute.message(2) { value in
                                value.message(5) { list in
                                    list.message(1) { $0.string(1, long) }
                                    list.message(1) { $0.sized(7, Array(long.utf8)) }
                                    list.message(1) { $0.string(1, "short") }
                                }
                            }
                        }
                        span.message(11) { event in
                            event.string(2, long)
                            event.attribute(3, "exception.stacktrace", long)
                            event.attribute(3, "exception.message", "no such model")
                        }
                        span.message(13) { $0.attribute(4, "k", long) }
                        span.message(15) { status in
                            status.string(2, long)
                            status.number(3, 2)
                        }
                    }
                }
            }
        }.bytes
        let result = try off().mask(request)
        let json = try MaskingHarness.json(of: result.batch)
        // Names keep their first 256 bytes.
        #expect(json.split(separator: long.prefix(256), omittingEmptySubsequences: false).count == 3)
        #expect(!json.contains(long))
        #expect(json.contains(fits))
        #expect(json.contains("no such model"))
        #expect(json.contains(#"{"values":[{},{},{"stringValue":"short"}]}"#))
        #expect(json.contains(#""status":{"code":2}"#))
    }

    @Test func `names that are read are cut where their readers cut them`() throws {
        let model = String(repeating: "é", count: 200)
        let span = SampleSpan(trace: 1, id: 1).with(
            ("gen_ai.request.model", .text("m" + model)),
            ("user.id", .text(long)),
            ("gen_ai.usage.input_tokens", 1)
        )
        let request = SampleSpan.request([span])
        let before = try SpanExtractor().extract(MaskingHarness.decode(request))
        let after = try SpanExtractor().extract(off().mask(request).batch)
        #expect(after.calls == before.calls)
        #expect(after.strings == before.strings)
    }

    @Test func `JSON with usage keeps its numbers and loses its texts`() throws {
        let usage =
            #"{"input": 12, "cost": "0.5", "note": "a secret", "model": "gpt-4o", "list": ["secret", 7, {"a\"b": "secret"}]}"#
        let span = SampleSpan(trace: 1, id: 1).with(("langfuse.observation.usage_details", .text(usage)))
        let batch = try off().mask(SampleSpan.request([span])).batch
        let text = String(decoding: batch.bytes(of: batch.spans[0]), as: UTF8.self)
        #expect(
            text.contains(
                #"{"input": 12, "cost": "0.5", "note": "", "model": "gpt-4o", "list": ["", 7, {"a\"b": ""}]}"#
            )
        )
    }

    @Test(arguments: [#"{"a":"secret"#, #"["secret\"#, #"{"a":"x\"secret""#, #"["#, #"{"secret":1,"b":"secret2"}"#])
    func `broken JSON loses its texts as well`(_ json: String) throws {
        let span = SampleSpan(trace: 1, id: 1).with(("mlflow.chat.tokenUsage", .text(json)))
        let batch = try off().mask(SampleSpan.request([span])).batch
        let text = String(decoding: batch.bytes(of: batch.spans[0]), as: UTF8.self)
        #expect(!text.contains("secret") || text.contains(#"{"secret":1,"b":""}"#))
    }

    @Test(arguments: [
        ("a secret", ""), ("{'input': 'secret'}", ""), ("[a secret]", ""), ("secret {\"input\": 1}", ""),
        ("  {\"note\": \"secret\", \"input\": 1}", "  {\"note\": \"\", \"input\": 1}"),
        (#""{\"input\": 1, \"note\": \"secret\"}""#, #"{"input": 1, "note": ""}"#), (#""secret""#, ""),
        ("-1.5e-05", "-1.5e-05"), ("true", "true"),
        (#"{"a": null, "b": [true, NaN, -Infinity, 1E5]}"#, #"{"a": null, "b": [true, NaN, -Infinity, 1E5]}"#),
    ])
    func `where usage is expected nothing but numbers stays`(_ sent: String, _ kept: String) throws {
        let span = SampleSpan(trace: 1, id: 1).with(("gen_ai.usage.raw", .text(sent)))
        let batch = try off().mask(SampleSpan.request([span])).batch
        let text = String(decoding: batch.bytes(of: batch.spans[0]), as: UTF8.self)
        #expect(!text.contains("secret"))
        #expect(kept.isEmpty || text.contains(kept))
    }

    @Test func `nested usage keeps numbers, models and tiers, as JSON does`() throws {
        let request = WireWriter { request in
            request.message(1) { resourceSpans in
                resourceSpans.message(2) { scope in
                    scope.span(trace: 1, span: 1) { span in
                        span.message(9) { attribute in
                            attribute.string(1, "gen_ai.usage.raw")
                            attribute.message(2) { value in
                                value.message(6) { map in
                                    map.attribute(1, "model", "gpt-4o")
                                    map.attribute(1, "service_tier", "standard")
                                    map.attribute(1, "input_tokens", "12")
                                    map.attribute(1, "note", "a secret")
                                    map.message(1) { entry in
                                        entry.string(1, "raw")
                                        entry.message(2) { $0.sized(7, Array("secret".utf8)) }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }.bytes
        let batch = try off().mask(request).batch
        let text = String(decoding: batch.bytes(of: batch.spans[0]), as: UTF8.self)
        for kept in ["gpt-4o", "standard", "12", "note"] { #expect(text.contains(kept), "\(kept)") }
        #expect(!text.contains("secret"))
    }

    @Test func `of what came out nothing but the facts of an answer stay`() throws {
        func kept(_ value: SampleValue) throws -> String {
            let span = SampleSpan(trace: 1, id: 1).with(("output.value", value))
            let batch = try off().mask(SampleSpan.request([span])).batch
            return String(decoding: batch.bytes(of: batch.spans[0]), as: UTF8.self)
        }
        #expect(try kept(#"{"id":"chatcmpl-1","choices":["secret"]}"#).contains(#"{"id":"chatcmpl-1"}"#))
        #expect(try kept(#"{"generations":[],"llm_output":{"id":"msg_1"}}"#).contains(#"{"id":"msg_1"}"#))
        let answer =
            #"{"created":1,"model":"secret","service_tier":"flex","usage":{"input_tokens":7,"secret":8,"type":"a secret"}}"#
        #expect(try kept(.text(answer)).contains(#"{"skein.facts":{"tier":"flex","input":7}}"#))
        #expect(try !kept(#"{"usage":{"input_tokens":7}}"#).contains("input_tokens"))
        for text in [#"{"id":"secret"}"#, #"{"id":"msg_a secret"}"#, "secret", #"["secret"]"#, #"{"id":["secret"]}"#] {
            #expect(try !kept(.text(text)).contains("secret"))
        }
        #expect(try kept(.whole(7)) == kept(.whole(9)))
    }

    @Test func `results of tools go from attributes and events`() throws {
        let request = WireWriter { request in
            request.message(1) { resourceSpans in
                resourceSpans.message(2) { scope in
                    scope.span(trace: 1, span: 1) { span in
                        span.attribute(9, "tool.result", #"[{"toolResult":{"content":[{"text":"sunny"}]}}]"#)
                        span.attribute(9, "raw_input", "sunny?")
                        span.message(11) { event in
                            event.string(2, "gen_ai.choice")
                            event.attribute(3, "message", "sunny")
                            event.attribute(3, "tool.result", #"[{"toolResult":{"content":[{"text":"sunny"}]}}]"#)
                        }
                    }
                }
            }
        }.bytes
        let json = try off().json(request)
        #expect(!json.contains("sunny"))
        #expect(json.split(separator: #"{"key":"tool.result","value":{}}"#).count == 3)
    }

    @Test(arguments: [#"{"model":"m","stream":true,"messages":[{"content":"secret"}]}"#, #"{"model":"m"}"#])
    func `the request of a stream is told from its answer without content too`(_ data: String) throws {
        let request = SampleSpan(trace: 1, id: 1).with(
            ("gen_ai.operation.name", "chat"),
            ("gen_ai.request.model", "m"),
            ("request_data", .text(data)),
            ("logfire.span_type", "span")
        )
        let answer = SampleSpan(trace: 1, id: 2).with(
            ("gen_ai.operation.name", "chat"),
            ("gen_ai.request.model", "m"),
            ("request_data", .text(data)),
            ("gen_ai.usage.input_tokens", 7),
            ("logfire.span_type", "log")
        )
        let sent = SampleSpan.request([request, answer])
        for batch in [try MaskingHarness.decode(sent), try off().mask(sent).batch] {
            let extracted = try SpanExtractor().extract(batch)
            #expect(extracted.calls.count == 1)
            #expect(extracted.facts.map(\.role) == [.chain, .llm])
        }
    }

    @Test func `what was masked once is not changed again`() throws {
        for name in Fixtures.captures {
            for request in try CaptureRequests.read(name) {
                let first = try off().mask(request).batch
                var again = first
                // The same spans as if they had arrived like this.
                let bytes = first.spans.map { Array(first.bytes(of: $0)) }
                again = SpanBatch(
                    storage: BatchStorage(copying: bytes.joined()),
                    resources: first.resources,
                    scopes: first.scopes,
                    spans: first.spans,
                    groups: first.groups
                )
                var offset: UInt32 = 0
                for place in again.spans.indices {
                    again.spans[place].offset = offset
                    offset += again.spans[place].length
                }
                #expect(try off().masking.mask(again).changed == 0, "\(name)")
            }
        }
    }

    @Test(arguments: Fixtures.captures)
    func `a capture keeps its calls and loses every word of its conversations`(_ name: String) throws {
        for request in try CaptureRequests.read(name) {
            let sent = try MaskingHarness.decode(request)
            let result = try off().mask(request)
            #expect(result.refused == .none)
            let before = try SpanExtractor().extract(sent)
            let after = try SpanExtractor().extract(result.batch)
            #expect(after.calls == before.calls)
            #expect(after.facts.map(\.role) == before.facts.map(\.role))
            #expect(after.facts.map(\.marks) == before.facts.map(\.marks))
            #expect(after.strings == before.strings)
            let stored = String(decoding: MaskingHarness.bytes(of: result.batch), as: UTF8.self)
            let displays = after.groups.flatMap(\.roots).map { String(decoding: $0.attributes, as: UTF8.self) }
            for phrase in Conversations.phrases {
                #expect(!stored.contains(phrase), "\(phrase) is left")
                #expect(!displays.contains { $0.contains(phrase) })
            }
            for text in try Conversations.texts(of: sent) {
                for chunk in Conversations.chunks(of: text) where stored.contains(chunk) {
                    Issue.record("\(name): \"\(chunk)\" is left")
                }
            }
        }
    }

    @Test func `the captures hold the conversations that are looked for`() throws {
        var found: Set<String> = []
        var texts = 0
        for name in Fixtures.captures {
            for request in try CaptureRequests.read(name) {
                let text = String(decoding: request, as: UTF8.self)
                found.formUnion(Conversations.phrases.filter { text.contains($0) })
                texts += try Conversations.texts(of: MaskingHarness.decode(request)).count
            }
        }
        #expect(found == Set(Conversations.phrases))
        #expect(texts > 500)
    }
}

/// What the programs of the corpus said and were answered.
private enum Conversations {
    /// Of prompts, answers, instructions, tool arguments and documents.
    static let phrases = [
        "The weather, the figures and the documents agree", "What is the weather", "quarterly figures",
        "You are a helpful analyst", "Revenue grew 4 percent", "Be brief.", ", ref T-", "Search the document store",
    ]

    /// Attributes whose leaves are text that people, models or tools wrote.
    private static let keys: Set<String> = [
        "gen_ai.input.messages", "gen_ai.output.messages", "gen_ai.system_instructions", "gen_ai.tool.definitions",
        "gen_ai.tool.call.arguments", "gen_ai.tool.call.result", "input.value", "output.value",
        "traceloop.entity.input", "traceloop.entity.output", "langfuse.observation.input",
        "langfuse.observation.output", "mlflow.spanInputs", "mlflow.spanOutputs", "gen_ai.prompt", "gen_ai.completion",
        "pydantic_ai.all_messages", "all_messages_events", "events", "llm.prompt", "llm.response", "message",
        "haystack.component.input", "haystack.component.output", "haystack.agent.output", "smolagents.task",
    ]
    private static let families = [
        "gen_ai.prompt.", "gen_ai.completion.", "llm.input_messages.", "llm.output_messages.",
    ]

    /// The sentences of a batch, out of JSON where they stand in it; errors of the provider are none.
    static func texts(of batch: SpanBatch) throws -> Set<String> {
        let renderer = try SpanRenderer(detail: .full)
        var texts: Set<String> = []
        for slice in batch.spans {
            var json: [UInt8] = []
            try renderer.appendOTLP(span: batch.bytes(of: slice), to: &json)
            let span = try JSONSerialization.jsonObject(with: Data(json)) as? [String: Any] ?? [:]
            let events = span["events"] as? [[String: Any]] ?? []
            let lists = [span["attributes"]] + events.map { $0["attributes"] }
            for attribute in lists.flatMap({ $0 as? [[String: Any]] ?? [] }) {
                guard let key = attribute["key"] as? String, let value = attribute["value"] else { continue }
                guard keys.contains(key) || families.contains(where: { key.hasPrefix($0) }) else { continue }
                collect(value, &texts)
            }
        }
        return texts
    }

    private static func collect(_ value: Any, _ texts: inout Set<String>) {
        switch value {
        case let text as String:
            let data = Data(text.utf8)
            if text.first == "{" || text.first == "[", let inner = try? JSONSerialization.jsonObject(with: data) {
                collect(inner, &texts)
            } else if !text.hasPrefix("Error code: "), !text.hasPrefix("Rate limit"), text.utf8.count >= 24,
                text.split(separator: " ").count >= 4
            {
                texts.insert(text)
            }
        case let list as [Any]: for each in list { collect(each, &texts) }
        case let map as [String: Any]: for each in map.values { collect(each, &texts) }
        default: break
        }
    }

    /// Pieces of 24 characters.
    static func chunks(of text: String) -> [String] {
        let characters = Array(text)
        return stride(from: 0, to: max(characters.count - 23, 1), by: 24).map { start in
            String(characters[start..<min(start + 24, characters.count)])
        }.filter { $0.contains(" ") && $0.count == 24 }
    }
}
