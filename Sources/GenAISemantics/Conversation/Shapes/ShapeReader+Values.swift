// ShapeReader+Values.swift - values that are no messages: texts, thoughts, queries, documents.

import TraceModel

extension ShapeReader {
    /// A value whose text lost the quotes that some libraries leave around it.
    func unquoted(_ value: JSONValue) -> JSONValue {
        guard case .string(let text) = value, text.utf8.first == UInt8(ascii: "\"") else { return value }
        return jsonOrQuoted(in: text) ?? value
    }

    /// The names of the events that a list of messages was made from; empty when it was made from none.
    func events(in value: JSONValue) -> [String] {
        opened(value).array?.compactMap { $0["event.name"]?.string } ?? []
    }

    /// Text parts from a list of texts, which may be JSON, or from one text.
    func texts(_ value: JSONValue) -> [MessagePart] {
        let list = opened(value).array ?? []
        if !list.isEmpty, list.allSatisfy({ $0.string != nil }) {
            return list.compactMap { $0.string }.filter { !$0.isEmpty }.map { .text($0) }
        }
        return text(value)
    }

    /// One text as it is.
    func text(_ value: JSONValue) -> [MessagePart] {
        guard case .string(let text) = value else { return parts(value) }
        return text.isEmpty ? [] : [.text(text)]
    }

    /// Thoughts from one text, or from a list of parts, which may be JSON.
    func thoughts(_ value: JSONValue) -> [MessagePart] {
        if let list = opened(value).array {
            let texts = list.compactMap { $0.string ?? $0.text("text", "reasoning", "thinking", "content") }
            if texts.count == list.count { return texts.filter { !$0.isEmpty }.map { .reasoning($0) } }
        }
        guard let text = value.string, !text.isEmpty else { return [] }
        return [.reasoning(text)]
    }

    /// What a tool gave, taken out of the message that some frameworks put around it.
    func toolOutput(_ value: JSONValue) -> JSONValue {
        let object = opened(value)
        guard object["type"]?.string == "tool" || object["role"]?.string == "tool" else { return value }
        return object["content"] ?? value
    }

    /// What a look-up was for.
    func query(_ value: JSONValue) -> JSONValue {
        let object = opened(value)
        return object.text("query", "question", "query_str", "input", "q").map { .string($0) } ?? object
    }

    /// The documents of a look-up, without their vectors.
    func documents(_ value: JSONValue) -> [JSONValue] {
        let list = opened(value)
        if case .array(let elements) = list {
            return elements.map { element in
                let document = opened(element)
                return (document["document"] ?? document).withoutVectors.withoutInlineBytes
            }
        }
        if list.object != nil {
            for name in ["documents", "results", "matches", "nodes", "output", "source_nodes", "data"] {
                if let inner = list[name], inner.array != nil { return documents(inner) }
            }
        }
        return list.isNull || list == .object([]) ? [] : [list.withoutVectors.withoutInlineBytes]
    }

    /// The texts that were embedded, of a list of them or of the body of a request.
    func embeddingInputs(_ value: JSONValue, depth: Int = 0) -> [String] {
        let value = opened(unquoted(value))
        switch value {
        case .string(let text): return text.isEmpty ? [] : [text]
        case .array(let elements):
            return depth < 4 ? elements.flatMap { embeddingInputs($0, depth: depth + 1) } : []
        case .object:
            guard depth < 4 else { return [] }
            let names = [
                "embedding", "text", "texts", "input", "inputs", "content", "contents", "parts", "query", "inputText",
                "documents", "values", "value", "args",
            ]
            for name in names {
                if let inner = value[name], !inner.isNull { return embeddingInputs(inner, depth: depth + 1) }
            }
            return []
        default: return []
        }
    }
}

extension JSONValue {
    /// The same object without embedding vectors, which are long and say nothing to a reader.
    fileprivate var withoutVectors: JSONValue {
        guard case .object(let members) = self else { return self }
        return .object(
            members.compactMap { member in
                let isVector = ["embedding", "sparse_embedding", "vector", "embeddings"].contains(member.name)
                if isVector { return nil }
                return JSONMember(member.name, member.value.withoutVectors)
            }
        )
    }
}
