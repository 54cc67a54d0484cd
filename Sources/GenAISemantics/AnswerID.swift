// AnswerID.swift - the id of a provider's answer inside of what came out of a call.

import TraceModel

/// The id of a provider's answer where no attribute has it: in the JSON that OpenInference writes as `output.value`.
public enum AnswerID {
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
    ///
    /// - Parameter output: Any text.
    /// - Returns: Nil when it is no JSON, has no id, or one that may be anything else.
    public static func wellKnown(in output: UnsafeBufferPointer<UInt8>) -> String? {
        guard let json = JSONValue(utf8: output) else { return nil }
        let found = places.lazy.compactMap { json.value(at: $0[...])?.string }.first { !$0.isEmpty }
        guard let found, found.utf8.count <= longest, beginnings.contains(where: { found.hasPrefix($0) }),
            found.utf8.allSatisfy(isOfID)
        else { return nil }
        return found
    }

    private static func isOfID(_ byte: UInt8) -> Bool {
        (byte | 0x20) &- UInt8(ascii: "a") < 26 || byte &- UInt8(ascii: "0") < 10 || byte == UInt8(ascii: "-")
            || byte == UInt8(ascii: "_")
    }
}
