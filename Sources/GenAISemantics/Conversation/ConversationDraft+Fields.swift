// ConversationDraft+Fields.swift - the single fields: instructions, tools, the run of a tool, look-ups, parameters.

import TraceModel

extension ConversationDraft {
    /// Reads the fields that have names of their own.
    mutating func readFields() {
        readPromptFields()
        result.tags =
            first(.tags) { value in
                let tags = shapes.unquoted(value).labels
                return tags.isEmpty ? nil : tags
            } ?? []
        if role != .llm { result.toolRun = toolRun() }
        result.retrieval = retrieval()
    }

    /// Reads the fields that say what a model was sent.
    mutating func readPromptFields() {
        // Captured alone: the draft itself would be copied for each field.
        let shapes = shapes
        result.systemInstructions =
            first(.systemInstructions) { value in
                let parts = shapes.instructions(value)
                return parts.isEmpty ? nil : parts
            } ?? []
        result.tools =
            first(.tools) { value in
                let tools = shapes.tools(value)
                return tools.isEmpty ? nil : tools
            } ?? []
        result.embeddingInputs =
            first(.embeddingInputs) { value in
                let texts = shapes.embeddingInputs(value)
                return texts.isEmpty ? nil : texts
            } ?? []
    }

    /// Reads the request parameters of the attributes; those of bodies come behind them.
    mutating func readParams() {
        var members: [JSONMember] = []
        for param in ContentDialect.allParams {
            switch param.form {
            case .one(let name):
                guard let value = attributes[param.key] else { continue }
                members.append(JSONMember("\(name)", shapes.opened(JSONValue(value))))
            case .object:
                guard let value = attributes[param.key] else { continue }
                members += shapes.opened(JSONValue(value)).object ?? []
            case .prefix:
                members += attributes.params(param.key).map { member in
                    JSONMember(String(decoding: member.path, as: UTF8.self), shapes.opened(JSONValue(member.value)))
                }
            }
        }
        result.requestParams = RequestParams.canonical(members + result.requestParams)
    }

    /// Gives each choice the reason that the span states, where its message has none.
    mutating func addFinishReasons() {
        guard result.output.contains(where: { $0.finishReason == nil }) else { return }
        let reasons = first(.finishReason) { value -> [String]? in
            let value = shapes.opened(shapes.unquoted(value))
            let reasons = value.array?.compactMap(\.string) ?? value.string.map { [$0] } ?? []
            return reasons.isEmpty ? nil : reasons
        }
        for (place, reason) in (reasons ?? []).enumerated() where place < result.output.count {
            guard result.output[place].finishReason == nil, !reason.isEmpty else { continue }
            result.output[place].finishReason = reason
        }
    }

    /// Makes the messages of an embedding the texts that it embedded.
    mutating func foldEmbeddingInput() {
        guard role == .embedding else { return }
        if result.embeddingInputs.isEmpty {
            result.embeddingInputs = result.input.flatMap(\.parts).compactMap { part in
                if case .text(let text) = part { text } else { nil }
            }
        }
        result.input = []
    }

    /// Makes the events of a tool its run: there a message of the tool is what went in, a choice what came out.
    mutating func foldToolEvents() {
        guard role == .tool, records.inputName != nil || records.outputName != nil else { return }
        var run = result.toolRun ?? ToolRun()
        run.arguments = run.arguments ?? result.input.flatMap(\.parts).compactMap { value(of: $0) }.first
        run.result = run.result ?? result.output.flatMap(\.parts).compactMap { value(of: $0) }.first
        run.callID = run.callID ?? result.input.first?.toolCallID
        result.toolRun = run
        result.input = []
        result.output = []
    }

    private func value(of part: MessagePart) -> JSONValue? {
        switch part {
        case .text(let text): shapes.opened(.string(text))
        case .toolResult(_, _, let value), .generic(_, let value): value
        case .toolCall(_, _, let arguments): arguments
        default: nil
        }
    }

    private func toolRun() -> ToolRun? {
        var run = ToolRun()
        run.arguments = first(.toolArguments) { shapes.opened(shapes.unquoted($0)) }
        run.result = first(.toolResult) { shapes.result(shapes.toolOutput(shapes.unquoted($0))) }
        // Other spans name tools as well: the run of one has what went in or out.
        guard role == .tool || run != ToolRun() else { return nil }
        run.name = toolName()
        run.callID = first(.toolCallID) { shapes.unquoted($0).string }
        return run == ToolRun() ? nil : run
    }

    /// The tool that the attributes name.
    func toolName() -> String? {
        first(.toolName) { shapes.unquoted($0).string }
    }

    private func retrieval() -> Retrieval? {
        var retrieval = Retrieval()
        retrieval.query = first(.query) { shapes.query($0) }
        retrieval.documents =
            first(.documents) { value in
                let documents = shapes.documents(value)
                return documents.isEmpty ? nil : documents
            } ?? []
        return retrieval == Retrieval() ? nil : retrieval
    }

    /// The first value under the names of a field that `read` makes something of.
    private func first<Result>(_ field: ContentField, _ read: (JSONValue) -> Result?) -> Result? {
        guard attributes.uses.fields & field.bit != 0 || !records.details.isEmpty else { return nil }
        for name in ContentDialect.namesByField[field.rawValue] {
            guard let value = value(name), value != .string(""), !value.isNull else { continue }
            if let result = read(value) { return result }
        }
        return nil
    }

    private func value(_ name: ConversationName) -> JSONValue? {
        if name.isIndexed {
            let members = attributes.family(name.key)
            return members.isEmpty ? nil : .array(IndexedFamily(members).elements())
        }
        if let value = attributes[name.key] { return JSONValue(value) }
        return records.details.lazy.compactMap { $0[name.key] }.first.map { JSONValue($0) }
    }
}
