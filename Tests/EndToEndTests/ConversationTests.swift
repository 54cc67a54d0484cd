// ConversationTests.swift - the canonical conversation from outside: export, open, look.

import Foundation
import Testing

struct ConversationTests {
    private static let trace = "4bf92f3577b34da6a3ce929d0e0e4737"
    private static let export = #"""
        {"resourceSpans":[{"scopeSpans":[{"spans":[
        {"traceId":"4bf92f3577b34da6a3ce929d0e0e4737","spanId":"00f067aa0ba90201","name":"chat m",
         "startTimeUnixNano":"1705314600000000000","endTimeUnixNano":"1705314600100000000","attributes":[
          {"key":"gen_ai.operation.name","value":{"stringValue":"chat"}},
          {"key":"gen_ai.request.temperature","value":{"doubleValue":0.5}},
          {"key":"gen_ai.system_instructions","value":{"stringValue":"[{\"type\":\"text\",\"content\":\"Be brief.\"}]"}},
          {"key":"gen_ai.tool.definitions","value":{"stringValue":"[{\"type\":\"function\",\"name\":\"f\",\"parameters\":{\"x\":1}}]"}},
          {"key":"gen_ai.input.messages","value":{"stringValue":"[{\"role\":\"user\",\"parts\":[{\"type\":\"text\",\"content\":\"Hi \\\"you\\\"?\"},{\"type\":\"blob\",\"modality\":\"image\",\"mime_type\":\"image/png\",\"content\":\"AAAA\"},{\"type\":\"hologram\"}]}]"}},
          {"key":"gen_ai.output.messages","value":{"stringValue":"[{\"role\":\"assistant\",\"parts\":[{\"type\":\"reasoning\",\"content\":\"hm\"},{\"type\":\"tool_call\",\"id\":\"c1\",\"name\":\"f\",\"arguments\":{\"n\":12345678901234567890}}],\"finish_reason\":\"tool_call\"}]"}}]},
        {"traceId":"4bf92f3577b34da6a3ce929d0e0e4737","spanId":"00f067aa0ba90202","parentSpanId":"00f067aa0ba90201",
         "name":"tool","startTimeUnixNano":"1705314600010000000","endTimeUnixNano":"1705314600020000000","attributes":[
          {"key":"gen_ai.operation.name","value":{"stringValue":"execute_tool"}},
          {"key":"gen_ai.tool.name","value":{"stringValue":"f"}},
          {"key":"gen_ai.tool.call.result","value":{"stringValue":"sunny"}}]},
        {"traceId":"4bf92f3577b34da6a3ce929d0e0e4737","spanId":"00f067aa0ba90203","parentSpanId":"00f067aa0ba90201",
         "name":"plain","startTimeUnixNano":"1705314600030000000","endTimeUnixNano":"1705314600040000000","attributes":[
          {"key":"http.route","value":{"stringValue":"/"}}]}
        ]}]}]}
        """#

    @Test func `spans show their conversation beside the attributes that hold it`() async throws {
        try await LiveServer.run { (server: LiveServer) async throws -> Void in
            let type = [("Content-Type", "application/json")]
            let posted = try await server.send(.POST, "/v1/traces", headers: type, body: Data(Self.export.utf8))
            #expect(posted.status == 200)
            let answer = try await server.send(.GET, "/v1/traces/\(Self.trace)")
            let data = try #require(try answer.object()["data"] as? [String: Any])
            let spans = try #require(data["spans"] as? [[String: Any]])
            let llm = try #require(spans[0]["llm"] as? [String: Any])
            try Self.check(llm)
            #expect(answer.text.contains(#""arguments":{"n":12345678901234567890}"#))
            let attributes = try #require(spans[0]["attributes"] as? [String: Any])
            #expect((attributes["gen_ai.input.messages"] as? String)?.contains("AAAA") == true)
            let content = try #require(spans[1]["content"] as? [String: Any])
            #expect(Set(content.keys) == ["tool"])
            #expect((content["tool"] as? [String: Any])?["result"] as? String == "sunny")
            #expect(spans[2]["content"] == nil && spans[2]["llm"] == nil)
        }
    }

    @Test func `the tree and a single span have it, the summary has not`() async throws {
        try await LiveServer.run { (server: LiveServer) async throws -> Void in
            let type = [("Content-Type", "application/json")]
            _ = try await server.send(.POST, "/v1/traces", headers: type, body: Data(Self.export.utf8))
            let shown = #""output_messages":[{"role":"assistant","parts":[{"type":"reasoning","content":"hm"}"#
            for path in ["?view=tree", "/spans", "/spans/00f067aa0ba90201"] {
                #expect(try await server.send(.GET, "/v1/traces/\(Self.trace)\(path)").text.contains(shown), "\(path)")
            }
            for path in ["?fields=summary", "/spans?fields=summary", "?view=otlp"] {
                #expect(try await !server.send(.GET, "/v1/traces/\(Self.trace)\(path)").text.contains(shown), "\(path)")
            }
        }
    }

    private static func check(_ llm: [String: Any]) throws {
        #expect((llm["request_params"] as? [String: Double]) == ["temperature": 0.5])
        #expect((llm["system_instructions"] as? [[String: String]]) == [["type": "text", "content": "Be brief."]])
        let tool = try #require((llm["tools"] as? [[String: Any]])?.first)
        #expect(tool["name"] as? String == "f" && tool["description"] is NSNull)
        let input = try #require((llm["input_messages"] as? [[String: Any]])?.first)
        #expect(input["role"] as? String == "user")
        let parts = try #require(input["parts"] as? [[String: Any]])
        #expect(parts.map { $0["type"] as? String } == ["text", "blob", "generic"])
        #expect(parts[0]["content"] as? String == "Hi \"you\"?")
        #expect(parts[1]["size"] as? Int == 3 && parts[1]["content"] == nil)
        #expect(parts[2]["original_type"] as? String == "hologram")
        let output = try #require((llm["output_messages"] as? [[String: Any]])?.first)
        #expect(output["finish_reason"] as? String == "tool_call")
        let source = llm["content_source"] as? [String: String]
        #expect(source == ["input": "gen_ai.input.messages", "output": "gen_ai.output.messages"])
    }
}
