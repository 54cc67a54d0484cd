// RequestParams.swift - the parameters of a request under canonical names.

import TraceModel

/// Request parameters (attribute dictionary, section 1): `temperature`, `max_tokens` and whatever else was asked for.
enum RequestParams {
    /// The parameters in the body of a request: those that all providers have in common, and their groups.
    static func members(inBody object: JSONValue) -> [JSONMember] {
        var members = (object.object ?? []).filter { common.contains(canonical($0.name)) }
        for group in [
            "config", "generation_config", "generationConfig", "inferenceConfig", "options", "generation_kwargs",
        ] {
            members += object[group]?.object ?? []
        }
        return members
    }

    /// Members under canonical names: of several the first counts, and content is no parameter.
    static func canonical(_ members: [JSONMember]) -> [JSONMember] {
        var seen: Set<String> = []
        return members.compactMap { member in
            let name = canonical(member.name)
            guard !member.value.isNull, !content.contains(name), !name.hasPrefix("_"), seen.insert(name).inserted else {
                return nil
            }
            return JSONMember(name, truth(member.value) ?? member.value)
        }
    }

    /// A truth value that was written as text, as Python does.
    private static func truth(_ value: JSONValue) -> JSONValue? {
        switch value.string {
        case "True"?, "true"?: .bool(true)
        case "False"?, "false"?: .bool(false)
        default: nil
        }
    }

    /// A name in snake case, and one name for what has several.
    static func canonical(_ name: String) -> String {
        let isPlain = name.utf8.allSatisfy { byte in
            byte == UInt8(ascii: "_") || byte &- UInt8(ascii: "a") < 26 || byte &- UInt8(ascii: "0") < 10
        }
        if isPlain { return aliases[name] ?? name }
        var snake = ""
        var lastIsLower = false
        for character in name {
            if character == "." || character == "-" {
                snake.append("_")
            } else if character.isUppercase {
                if lastIsLower { snake.append("_") }
                snake.append(contentsOf: character.lowercased())
            } else {
                snake.append(character)
            }
            lastIsLower = character.isLowercase || character.isNumber
        }
        return aliases[snake] ?? snake
    }

    private static let aliases = [
        "max_output_tokens": "max_tokens", "max_completion_tokens": "max_tokens", "max_new_tokens": "max_tokens",
        "max_tokens_to_sample": "max_tokens", "stop": "stop_sequences", "is_streaming": "stream",
        "streaming": "stream", "response_choice_count": "choice_count",
    ]

    /// What invocation parameters also hold: the content itself, and what has a field of its own.
    private static let content: Set<String> = [
        "messages", "input", "prompt", "contents", "system", "instructions", "system_instruction", "tools", "functions",
        "model", "model_name", "model_id", "available_tools", "embedding_inputs", "id", "created_at", "api_key",
        "extra_headers", "headers", "default_headers", "function_declarations",
    ]

    private static let common: Set<String> = [
        "temperature", "top_p", "top_k", "max_tokens", "stop_sequences", "seed", "n", "presence_penalty",
        "frequency_penalty", "stream", "reasoning_effort", "reasoning", "thinking", "response_format", "tool_choice",
        "parallel_tool_calls", "service_tier", "verbosity", "logprobs", "top_logprobs", "dimensions", "encoding_format",
    ]
}
