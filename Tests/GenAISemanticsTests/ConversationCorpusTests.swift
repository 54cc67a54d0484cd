// ConversationCorpusTests.swift - the conversations of real instrumentation.

import COTLP
import Foundation
import GenAISemantics
import OTLPCodec
import TestSupport
import Testing
import TraceModel

@Suite(.serialized) struct ConversationCorpusTests {
    /// Captures whose spans carry no content, or none of a model's call.
    private static let silent: Set<String> = [
        "anthropic-sdk-native", "autogen-native", "openinference-crewai", "otel-google-genai", "otel-openai-v2",
        "otel-openai-v2-content", "plain-parentless",
    ]
    /// Calls whose spans do not hold what was asked, by capture.
    private static let unseen: [String: Set<String>] = [
        // The program itself set another input.
        "langfuse-sdk": ["T-703"],
        // The span of a stream has no input.
        "mlflow-openai": ["T-253"],
        // The SDK's own span, which has no content, is alone in its trace.
        "openinference-anthropic": ["T-103"],
        "openllmetry-anthropic": ["T-101", "T-102", "T-103"],
    ]

    @Test(arguments: Fixtures.captures)
    func `the input of each call is in a conversation of its trace, in known roles and parts`(_ name: String)
        async throws
    {
        let capture = try await ConversationCapture(name)
        for (trace, refs) in Self.silent.contains(name) ? [:] : capture.refs {
            let spans = capture.spans.filter { $0.trace == trace }
            for ref in refs.subtracting(Self.unseen[name] ?? []) {
                let isThere = spans.contains { $0.conversation?.inputText.contains(ref) == true }
                #expect(isThere, "\(ref) in trace \(trace)")
            }
        }
        for span in capture.spans {
            let messages = (span.conversation?.input ?? []) + (span.conversation?.output ?? [])
            #expect(messages.allSatisfy { ["assistant", "tool", "user", "system"].contains($0.role) })
            for part in messages.flatMap(\.parts) {
                guard case .text(let text) = part else { continue }
                #expect(!text.hasPrefix("[{\"role\""), "\(span.name)")
            }
        }
    }
}

/// The spans of a capture with their conversations, and what was asked in each trace.
struct ConversationCapture {
    struct Span {
        var trace: String
        var name: String
        var conversation: Conversation?
    }

    private(set) var spans: [Span] = []
    /// The references of the chat calls, by trace.
    private(set) var refs: [String: Set<String>] = [:]

    init(_ name: String) async throws {
        let folder = Fixtures.folder.appendingPathComponent("corpus/\(name)")
        func json(_ file: String) throws -> [String: Any] {
            let data = try Data(contentsOf: folder.appendingPathComponent(file))
            return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        }
        for trace in try #require(try json("expected.json")["traces"] as? [[String: Any]]) {
            let id = try #require(trace["trace_id"] as? String)
            let calls = (trace["llm_calls"] as? [[String: Any]] ?? []).filter {
                $0["kind"] as? String == "chat" && ($0["seen_on_wire"] as? [Any])?.isEmpty == false
            }
            refs[id] = Set(calls.compactMap { $0["ref"] as? String })
        }
        for (body, isJSON) in try Fixtures.traceRequests(of: name) {
            // Leaves the thread to tests that wait for a server.
            await Task.yield()
            try read(body, isJSON: isJSON)
        }
    }

    private mutating func read(_ body: [UInt8], isJSON: Bool) throws {
        var storage = BatchStorage(copying: body)
        if body.starts(with: [0x1F, 0x8B]) { storage = try Gunzip.inflate(storage.bytes, limit: 64 << 20) }
        if isJSON { storage = try JSONTranscoder.transcode(storage.bytes, limit: 64 << 20) }
        let batch = try ExportRequestDecoder().decode(storage, project: nil).batch
        let decoder = try SpanDecoder()
        var reader = ConversationReader()
        for slice in batch.spans {
            let span = try decoder.withSpan(batch.bytes(of: slice)) { span in
                Span(
                    trace: slice.traceID.hex,
                    name: String(
                        decoding: UnsafeBufferPointer(start: span.pointee.name.data, count: span.pointee.name.len),
                        as: UTF8.self
                    ),
                    conversation: reader.read(span)
                )
            }
            spans.append(span)
        }
    }
}

extension Conversation {
    /// All text of the input, and of instructions.
    var inputText: String {
        (systemInstructions + input.flatMap(\.parts)).map(\.plainText).joined(separator: "\n")
    }

    /// All text of the output.
    var outputText: String {
        output.flatMap(\.parts).map(\.plainText).joined(separator: "\n")
    }
}

extension MessagePart {
    /// The text of texts and results; empty for other parts.
    var plainText: String {
        switch self {
        case .text(let text): text
        case .toolResult(_, _, .string(let text)): text
        default: ""
        }
    }
}
