// CallDetailTests.swift - providers, finish reasons, first token, streaming, errors and resources.

import COTLP
import GenAISemantics
import TestSupport
import Testing
import TraceModel

struct CallDetailTests {
    private func chat(_ key: String, _ value: DraftValue) -> SpanDraft {
        var span = SpanDraft(["gen_ai.operation.name": "chat"])
        span.attributes.append((key, value))
        return span
    }

    @Test(arguments: [
        ("OpenAI", "openai"), ("openai.responses", "openai"), ("claude", "anthropic"),
        ("az.ai.openai", "azure.ai.openai"),
        ("AZURE", "azure.ai.openai"), ("azure_ai", "azure.ai.inference"), ("AWS", "aws.bedrock"),
        ("amazon-bedrock", "aws.bedrock"), ("gemini", "gcp.gemini"), ("google", "gcp.gemini"), ("Google", "gcp.gen_ai"),
        ("vertex_ai", "gcp.vertex_ai"), ("xai", "x_ai"), ("mistralai", "mistral_ai"), ("cohere_chat", "cohere"),
        ("watsonx", "ibm.watsonx.ai"), ("moonshot", "moonshot_ai"), ("together_ai", "together_ai"),
        ("My-Host", "my-host"),
    ])
    func `providers get one name`(_ sent: String, _ canonical: String) throws {
        #expect(try chat("gen_ai.provider.name", .text(sent)).call().provider == canonical)
    }

    @Test func `an unknown provider is cut`() throws {
        let sent = String(repeating: "P", count: 100)
        #expect(try chat("gen_ai.system", .text(sent)).call().provider == String(repeating: "p", count: 64))
    }

    @Test func `the server called tells the provider when no attribute does`() throws {
        #expect(try chat("server.address", "api.openai.com").call().provider == "openai")
        #expect(try chat("server.address", "API.anthropic.com").call().provider == "anthropic")
        #expect(try chat("server.address", "generativelanguage.googleapis.com").call().provider == "gcp.gemini")
        #expect(try chat("server.address", "vectors.internal").call().provider == nil)
        var stated = chat("server.address", "api.openai.com")
        stated.attributes.append(("gen_ai.provider.name", "groq"))
        #expect(try stated.call().provider == "groq")
    }

    @Test(arguments: [
        (DraftValue.list(["stop", "length"]), ["stop", "length"]), (.text("stop"), ["stop"]),
        (.text(#"["tool_calls", "stop"]"#), ["tool_calls", "stop"]), (.text(#"["stop",null]"#), ["stop"]),
        (.text("[broken"), ["[broken"]), (.text("[]"), []), (.list([]), []), (.list([1, "stop"]), ["stop"]),
        (.whole(1), []),
    ])
    func `finish reasons are read from lists, JSON and text`(_ value: DraftValue, _ reasons: [String]) throws {
        #expect(try chat("gen_ai.response.finish_reasons", value).call().finishReasons.array == reasons)
    }

    @Test func `OpenInference tells the id of the response in what came out`() throws {
        func id(_ output: String, kind: String = "LLM") throws -> String? {
            var span = SpanDraft(["openinference.span.kind": .text(kind), "llm.model_name": "m"])
            span.attributes.append(("output.value", .text(output)))
            return try span.read().call?.responseID
        }
        #expect(try id(#"{"id":"chatcmpl-1","choices":[]}"#) == "chatcmpl-1")
        let message =
            #"{"lc":1,"id":["langchain","AIMessage"],"kwargs":{"id":"run-1","response_metadata":{"id":"msg_1"}}}"#
        #expect(try id(#"{"generations":[[{"text":"x","message":\#(message)}]],"llm_output":{}}"#) == "msg_1")
        #expect(try id(#"{"generations":[[]],"llm_output":{"id":"chatcmpl-2"}}"#) == "chatcmpl-2")
        #expect(try id(#"{"id":17}"#) == nil)
        // What a model answered as JSON is no answer of a provider.
        #expect(try id(#"{"id":"P-100","name":"a product"}"#) == nil)
        #expect(try id("plain text") == nil)
        // What wraps calls may repeat the id of one of them.
        #expect(try id(#"{"id":"chatcmpl-1"}"#, kind: "AGENT") == nil)
    }

    @Test func `finish reasons are bounded`() throws {
        let many = DraftValue.list(Array(repeating: .text(String(repeating: "x", count: 500)), count: 500))
        let reasons = try chat("gen_ai.response.finish_reasons", many).call().finishReasons.array
        #expect(reasons.count == 64)
        #expect(reasons.first?.utf8.count == 64)
    }

    @Test(arguments: [
        "gen_ai.response.time_to_first_chunk", "gen_ai.response.time_to_first_token",
        "gen_ai.server.time_to_first_token",
    ])
    func `the time to the first token is sent in seconds`(_ key: String) throws {
        #expect(try chat(key, 0.25).call().timeToFirstToken == 250_000_000)
        #expect(try chat(key, 2).call().timeToFirstToken == 2_000_000_000)
        #expect(try chat(key, "0.5").call().timeToFirstToken == 500_000_000)
        #expect(try chat(key, -1).call().timeToFirstToken == nil)
        #expect(try chat(key, 1e12).call().timeToFirstToken == nil)
    }

    @Test func `the first token is also an event`() throws {
        var span = chat("x", "y")
        span.events = [("other", 1_100_000_000, []), ("gen_ai.first_token", 1_300_000_000, [])]
        #expect(try span.call().timeToFirstToken == 300_000_000)
        span.attributes.append(("gen_ai.response.time_to_first_chunk", 0.1))
        #expect(try span.call().timeToFirstToken == 100_000_000)
        span.attributes.removeLast()
        span.start = 0
        #expect(try span.call().timeToFirstToken == nil)
        span.start = 2_000_000_000
        #expect(try span.call().timeToFirstToken == nil)
    }

    @Test func `streaming is true, false or unknown`() throws {
        #expect(try chat("gen_ai.request.stream", true).call().isStreaming == true)
        #expect(try chat("gen_ai.request.stream", false).call().isStreaming == false)
        #expect(try chat("gen_ai.request.stream", "True").call().isStreaming == true)
        #expect(try chat("gen_ai.request.stream", "perhaps").call().isStreaming == nil)
        #expect(try chat("x", true).call().isStreaming == nil)
    }

    @Test func `the class of an error has four sources`() throws {
        var span = chat("http.response.status_code", 429)
        #expect(try span.call().errorType == "429")
        span.statusMessage = String(repeating: "m", count: 300)
        #expect(try span.call().errorType == "429")
        span.statusCode = 2
        #expect(try span.call().errorType == String(repeating: "m", count: 128))
        span.events = [
            ("exception", 5, [("exception.type", "First")]), ("exception", 6, [("exception.type", "Last")]),
            ("log", 7, []),
        ]
        #expect(try span.call().errorType == "Last")
        span.attributes.append(("error.type", "RateLimitError"))
        #expect(try span.call().errorType == "RateLimitError")
        #expect(try chat("http.response.status_code", 200).call().errorType == nil)
    }

    @Test func `a resource names service, session and user`() throws {
        let attributes: [(String, DraftValue)] = [
            ("service.name", .text(String(repeating: "s", count: 300))), ("session.id", "one"), ("user.id", "two"),
        ]
        let bytes = WireWriter { DraftValue.write(attributes, field: 1, &$0) }.bytes
        let message = try #require(opentelemetry__proto__resource__v1__resource__unpack(nil, bytes.count, bytes))
        defer { opentelemetry__proto__resource__v1__resource__free_unpacked(message, nil) }
        let reading = SpanSemantics.readResource(UnsafePointer(message))
        #expect(reading.service == String(repeating: "s", count: 256))
        #expect(reading.session == "one")
        #expect(reading.user == "two")
        #expect(SpanSemantics.readResource(nil) == ResourceReading())
    }
}
