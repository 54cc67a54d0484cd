// AnswerFacts.swift - what an answer of a provider tells beside its words.

public import TraceModel

/// The facts in what OpenInference writes as `output.value`: the id of the answer, and what decides the price.
public enum AnswerFacts {
    /// Paths one of which an answer of a provider has, or LangChain's around it; what a model answered as JSON has none.
    static let signs = [
        ["object"], ["choices"], ["stop_reason"], ["candidates"], ["generations"], ["created"], ["usage", "type"],
    ]

    private static let langChainUsage = ["generations", "*", "*", "message", "kwargs", "usage_metadata"]

    /// Parts of the usage whose totals stand in attributes.
    static let counts: [ObjectName.Member] = [
        .init(.cacheReadTokens, "usage", "cache_read_input_tokens"),
        .init(.cacheReadTokens, "usage_metadata", "cached_content_token_count"),
        .init(.cacheReadTokens, path: langChainUsage + ["input_token_details", "cache_read"]),
        .init(.cacheWriteTokens, "usage", "cache_creation_input_tokens"),
        .init(.cacheWriteTokens, path: langChainUsage + ["input_token_details", "cache_creation"]),
        .init(.cacheWriteOneHourTokens, "usage", "cache_creation", "ephemeral_1h_input_tokens"),
        .init(.cacheWriteOneHourTokens, path: langChainUsage + ["input_token_details", "ephemeral_1h_input_tokens"]),
        .init(
            .cacheWriteFiveMinuteTokens,
            path: langChainUsage + ["input_token_details", "ephemeral_5m_input_tokens"]
        ),
    ]

    /// The texts that are read.
    static let texts: [ObjectName.Member] =
        AnswerID.places.map { .init(.responseID, path: $0) } + [
            .init(.serviceTier, "service_tier"), .init(.serviceTier, "usage", "service_tier"),
        ]

    private static let usageNames: Set<String> = ["usage", "usage_metadata"]
    private static let wrappers: Set<String> = ["generations", "message", "kwargs"]
    /// Every name that a number, or a mark of its shape, has inside of usage.
    private static let namesInUsage = Set(
        UsageShape.all.flatMap(\.names).flatMap { $0.split(separator: ".").map(String.init) }
            + counts.flatMap(\.path) + ["cost", "type"]
    )
    private static let longestWord = 32

    /// What stays of an answer when its words are not kept, such that all that is read of it is read of that, too.
    ///
    /// - Parameter output: Any text.
    /// - Returns: An object; nil when it is no JSON, or has none of the facts.
    public static func kept(of output: UnsafeBufferPointer<UInt8>) -> JSONValue? {
        guard var json = JSONValue(utf8: output) else { return nil }
        // Some libraries write the JSON into a JSON string.
        if var inner = json.string, let opened = inner.withUTF8({ JSONValue(utf8: $0) }) { json = opened }
        var members: [JSONMember] = []
        if let id = AnswerID.wellKnown(in: json) { members.append(JSONMember("id", .string(id))) }
        guard let object = json.object, signs.contains(where: { json.value(at: $0[...]) != nil }) else {
            return members.isEmpty ? nil : .object(members)
        }
        for member in object where member.name != "id" {
            if usageNames.contains(member.name) || wrappers.contains(member.name) {
                if let kept = reduced(member) { members.append(kept) }
            } else if member.name == "service_tier", let word = word(member.value) {
                members.append(JSONMember(member.name, word))
            } else if signs.contains([member.name]) {
                members.append(JSONMember(member.name, .array([])))
            }
        }
        return .object(members)
    }

    /// Calls itself once per level, which the reader of JSON bounds.
    private static func reduced(_ member: JSONMember) -> JSONMember? {
        if usageNames.contains(member.name) {
            return numbers(in: member.value).map { JSONMember(member.name, $0) }
        }
        guard wrappers.contains(member.name) else { return nil }
        return JSONMember(member.name, onTheWay(member.value))
    }

    private static func onTheWay(_ value: JSONValue) -> JSONValue {
        switch value {
        case .array(let elements): .array(elements.map(onTheWay))
        case .object(let members): .object(members.compactMap(reduced))
        default: .array([])
        }
    }

    private static func numbers(in value: JSONValue) -> JSONValue? {
        switch value {
        case .number: return value
        case .string: return word(value)
        case .object(let members):
            let known = members.filter { namesInUsage.contains($0.name) }
            return .object(known.compactMap { member in numbers(in: member.value).map { JSONMember(member.name, $0) } })
        default: return nil
        }
    }

    /// A word such as the name of a tier, and nothing that could be more.
    private static func word(_ value: JSONValue) -> JSONValue? {
        guard let text = value.string, text.utf8.count <= longestWord,
            text.utf8.allSatisfy({ ($0 | 0x20) &- UInt8(ascii: "a") < 26 || $0 == UInt8(ascii: "_") })
        else { return nil }
        return value
    }
}
