// AnswerID.swift - the id of a provider's answer inside of what came out of a call.

import TraceModel

/// The id of a provider's answer where no attribute has it: in the JSON that OpenInference writes as `output.value`.
enum AnswerID {
    /// Where it stands, best first.
    ///
    /// In an answer of OpenAI or Anthropic as it came, and in that of LangChain, which wraps the messages of one. What
    /// went in may hold older ids.
    static let places = [
        ["id"], ["llm_output", "id"], ["generations", "*", "*", "message", "kwargs", "response_metadata", "id"],
    ]
    /// What ids of answers begin with: OpenAI's and what is like it, Anthropic's, OpenRouter's.
    private static let beginnings = ["chatcmpl-", "cmpl-", "resp_", "msg_", "gen-"]
    private static let longest = 128

    /// The id in what came out of a call, if it has the form of those that providers give: then it is no content.
    static func wellKnown(in output: JSONValue) -> String? {
        let found = places.lazy.compactMap { output.value(at: $0[...])?.string }.first { !$0.isEmpty }
        return found.flatMap { isWellKnown($0) ? $0 : nil }
    }

    /// Whether an id has the form of those that providers give; any other may be part of what a model answered.
    static func isWellKnown(_ id: String) -> Bool {
        id.utf8.count <= longest && beginnings.contains { id.hasPrefix($0) } && id.utf8.allSatisfy(isOfID)
    }

    /// Whether an id is the second or millisecond in which an answer was made, which other answers may share.
    static func isTime(_ id: String) -> Bool {
        id.utf8.count <= 13 && id.utf8.allSatisfy { $0 &- UInt8(ascii: "0") < 10 }
    }

    private static func isOfID(_ byte: UInt8) -> Bool {
        (byte | 0x20) &- UInt8(ascii: "a") < 26 || byte &- UInt8(ascii: "0") < 10 || byte == UInt8(ascii: "-")
            || byte == UInt8(ascii: "_")
    }
}
