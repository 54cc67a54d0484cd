// ContentName.swift - attributes that a dialect puts content in.

/// Attributes that hold content: what people and models wrote, what tools took and gave, documents, embeddings.
enum ContentName: Sendable {
    /// The attribute of this key.
    case key(StaticString)
    /// The attribute of this key and every one below it, such as `gen_ai.prompt.0.content`, but those whose last part is
    /// one of `keeping`.
    case family(StaticString, keeping: [StaticString] = ContentName.partNames)
    /// Every attribute whose key has this form; `*` stands for any bytes.
    case form(StaticString)

    /// What a message has besides its content.
    static let partNames: [StaticString] = [
        "role", "type", "id", "name", "tool_call_id", "finish_reason", "mime_type", "modality", "index",
    ]
    /// What a document has besides its content.
    static let documentNames: [StaticString] = ["id", "score"]
}
