// ContentBody.swift - what one value holds of a conversation.

import TraceModel

/// What was read from one value: messages, and what a request's body has beside them.
struct ContentBody {
    var messages: [ChatMessage] = []
    var system: [MessagePart] = []
    var tools: [ToolDefinition] = []
    var params: [JSONMember] = []
    private var lastIsItem = false

    init(messages: [ChatMessage] = []) {
        self.messages = messages
    }

    /// Whether any message has a part: a message may hold no more than the reason why it ended.
    var hasParts: Bool { messages.contains { !$0.parts.isEmpty } }

    /// Appends messages; calls and thoughts that providers list one by one join the message before them.
    mutating func append(_ item: ChatMessage, isItem: Bool) {
        guard isItem || lastIsItem, item.role == "assistant", let last = messages.last, last.role == "assistant" else {
            messages.append(item)
            lastIsItem = isItem
            return
        }
        messages[messages.count - 1].parts += item.parts
        if messages[messages.count - 1].finishReason == nil {
            messages[messages.count - 1].finishReason = item.finishReason
        }
        lastIsItem = true
    }

    /// Appends what another value held.
    mutating func append(_ other: ContentBody) {
        messages += other.messages
        system += other.system
        tools += other.tools
        params += other.params
        lastIsItem = false
    }
}
