// Conversation+Texts.swift - what can be searched for in a conversation.

import TraceModel

extension Conversation {
    /// Its texts, one for each part; JSON gives its strings and numbers without the names of members.
    ///
    /// The tools that a model was only offered are left out: they would be found at every call.
    var texts: [String] {
        var texts: [String] = []
        for part in systemInstructions { part.addTexts(to: &texts) }
        for message in input {
            for part in message.parts { part.addTexts(to: &texts) }
        }
        for message in output {
            for part in message.parts { part.addTexts(to: &texts) }
        }
        inputValue?.addText(to: &texts)
        outputValue?.addText(to: &texts)
        if let toolRun {
            if let name = toolRun.name { texts.append(name) }
            toolRun.arguments?.addText(to: &texts)
            toolRun.result?.addText(to: &texts)
        }
        retrieval?.query?.addText(to: &texts)
        for document in retrieval?.documents ?? [] { document.addText(to: &texts) }
        return texts + embeddingInputs + tags
    }
}

extension MessagePart {
    fileprivate func addTexts(to texts: inout [String]) {
        switch self {
        case .text(let text), .reasoning(let text):
            texts.append(text)
        case .toolCall(_, let name, let arguments):
            if let name { texts.append(name) }
            arguments.addText(to: &texts)
        case .toolResult(_, _, let result):
            result.addText(to: &texts)
        case .generic(_, let value):
            value.addText(to: &texts)
        case .media:
            break
        }
    }
}

extension JSONValue {
    /// Adds what this holds as one text, if it holds any.
    fileprivate func addText(to texts: inout [String]) {
        if case .string(let text) = self {
            texts.append(text)
            return
        }
        var text = ""
        addLeaves(to: &text)
        if !text.isEmpty { texts.append(text) }
    }

    /// Calls itself once per level; values nest as deep as `JSONLimit` allows.
    private func addLeaves(to text: inout String) {
        switch self {
        case .string(let string): text += string + "\n"
        case .number(let digits): text += digits + "\n"
        case .array(let elements):
            // Lists of numbers are vectors, which nobody looks for.
            for element in elements where element.number == nil { element.addLeaves(to: &text) }
        case .object(let members):
            for member in members { member.value.addLeaves(to: &text) }
        case .null, .bool: break
        }
    }
}
