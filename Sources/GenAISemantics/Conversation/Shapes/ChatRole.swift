// ChatRole.swift - the names of roles.

import TraceModel

/// The roles of messages, over all dialects.
enum ChatRole {
    /// The canonical name; other names stay as they are, in lower case.
    static func canonical(_ name: String) -> String {
        var role = name.lowercased()
        // `MessageRole.USER` is how Python writes an enumeration.
        if let dot = role.lastIndex(of: ".") { role = String(role[role.index(after: dot)...]) }
        return names[role] ?? role
    }

    /// The role that the type of a message names, as LangChain has it; nil for other types.
    static func ofType(_ type: String) -> String? {
        let name = type.lowercased()
        if let role = types[name] { return role }
        for suffix in ["messagechunk", "message"] where name.hasSuffix(suffix) {
            return types[String(name.dropLast(suffix.count))]
        }
        return nil
    }

    /// The role of a message event, such as `gen_ai.user.message`; nil for other events.
    static func ofEvent(_ name: String) -> String? {
        guard name.hasPrefix("gen_ai."), name.hasSuffix(".message") else {
            return name == "gen_ai.choice" ? "assistant" : nil
        }
        return canonical(String(name.dropFirst(7).dropLast(8)))
    }

    /// Whether a role is a word for none, which some libraries write for pieces of a stream.
    static func isUnknown(_ name: String) -> Bool {
        ["unknown", "none", "null"].contains(name.lowercased())
    }

    /// Whether a text is the name of a role that messages use.
    static func isKnown(_ name: String) -> Bool {
        ["system", "user", "assistant", "tool"].contains(canonical(name))
    }

    private static let names = [
        "human": "user", "ai": "assistant", "model": "assistant", "bot": "assistant", "chatbot": "assistant",
        "developer": "system", "function": "tool", "tool-response": "tool", "tool-call": "assistant",
        "tool_response": "tool", "tool_call": "assistant", "ipython": "tool",
    ]
    private static let types = [
        "human": "user", "ai": "assistant", "system": "system", "tool": "tool", "function": "tool", "chat": "user",
        "aimessagechunk": "assistant", "user": "user", "assistant": "assistant", "developer": "system",
    ]
}
