// PromptHash.swift - what tells whether two calls sent the same prompt.

import Crypto
import TraceModel

/// SHA-256 over model, instructions, messages and tools in a form that is the same whatever dialect sent them.
///
/// docs/database.md describes the form. Stored: it never changes.
public enum PromptHash {
    /// The hash of what a model was sent.
    ///
    /// - Parameters:
    ///   - conversation: The content of the span of a call.
    ///   - model: The model that was asked for, else the one that answered.
    /// - Returns: 32 bytes; nil when the conversation shows nothing that was sent.
    public static func sha256(of conversation: Conversation, model: String?) -> [UInt8]? {
        var form = PromptForm()
        form.add(conversation)
        return form.sha256(model: model, tools: conversation.tools).map(Array.init)
    }

    /// The first eight bytes of a hash as a number, as the database keeps them.
    ///
    /// - Parameter hash: 32 bytes.
    /// - Returns: The number, big-endian.
    public static func key(of hash: [UInt8]) -> Int64 {
        Int64(bitPattern: hash.prefix(8).reduce(0) { $0 << 8 | UInt64($1) })
    }

    /// The same of a hash in the making.
    static func key(of hash: SHA256Digest) -> Int64 {
        hash.withUnsafeBytes { Int64(bigEndian: $0.loadUnaligned(as: Int64.self)) }
    }
}

extension PromptForm {
    /// Starts with what a conversation shows of what was sent.
    mutating func add(_ conversation: Conversation) {
        start(instructions: conversation.systemInstructions)
        for message in conversation.input { add(message) }
        if !conversation.embeddingInputs.isEmpty {
            add(ChatMessage(role: "user", parts: conversation.embeddingInputs.map { .text($0) }))
        }
    }
}
