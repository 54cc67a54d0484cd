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
        canonical(conversation, model: model).map(sha256)
    }

    /// The first eight bytes of a hash as a number, as the database keeps them.
    ///
    /// - Parameter hash: 32 bytes.
    /// - Returns: The number, big-endian.
    public static func key(of hash: [UInt8]) -> Int64 {
        Int64(bitPattern: hash.prefix(8).reduce(0) { $0 << 8 | UInt64($1) })
    }

    /// The form that is hashed: one JSON object; nil when the conversation shows nothing that was sent.
    static func canonical(_ conversation: Conversation, model: String?) -> [UInt8]? {
        var form = PromptForm(instructions: conversation.systemInstructions)
        for message in conversation.input { form.add(message) }
        if !conversation.embeddingInputs.isEmpty {
            form.add(ChatMessage(role: "user", parts: conversation.embeddingInputs.map { .text($0) }))
        }
        return form.bytes(model: model, tools: conversation.tools)
    }

    /// SHA-256.
    static func sha256(_ bytes: [UInt8]) -> [UInt8] {
        var hash = SHA256()
        bytes.withUnsafeBytes { hash.update(bufferPointer: $0) }
        return Array(hash.finalize())
    }
}
