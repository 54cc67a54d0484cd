// AnswerFacts.swift - what an answer of a provider tells beside its words.

public import TraceModel

/// The facts in what OpenInference writes as `output.value`: the id of the answer, and what decides the price.
///
/// The rest of the answer is content. What stays of it where no content is kept is made anew from these facts
/// (`kept`), so that the one is read as the other.
public struct AnswerFacts {
    /// The id, if it has the form of those that providers give.
    var id: String?
    /// The tier, of those that providers name.
    var tier: String?
    /// The usage, if it stands in the answer of a provider.
    var usage: StatedUsage?
    /// Parts of usage whose totals stand in attributes.
    var counts: [(field: CanonicalField, count: Int64)] = []
    /// What OpenRouter says that it charged.
    var cost: PicoUSD?

    private static let tiers: Set<String> = [
        "auto", "default", "standard", "standard_only", "flex", "priority", "batch", "scale", "on_demand", "reserved",
        "fast",
    ]
    private static let objects: Set<String> = ["chat.completion", "text_completion", "response", "list"]
    private static let langChainUsage = ["generations", "*", "*", "message", "kwargs", "usage_metadata"]
    private static let parts: [ObjectName.Member] = [
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

    /// Reads an answer, or what `kept` left of one.
    init(_ value: JSONValue) {
        id = AnswerID.wellKnown(in: value)
        if let kept = value[Self.keptName] {
            readKept(kept)
            return
        }
        guard Self.isAnswer(value) else { return }
        let usage = value["usage"]
        tier = [value["service_tier"], usage?["service_tier"]].lazy.compactMap { $0?.string }
            .first(where: Self.tiers.contains)
        self.usage = usage.flatMap(UsageShape.read)
        cost = usage?["cost"]?.cost
        for part in Self.parts where !counts.contains(where: { $0.field == part.field }) {
            if let count = value.value(at: part.path[...])?.count { counts.append((part.field, count)) }
        }
    }

    /// Whether a value has the form of what a provider answers, or LangChain around it; a model may answer in JSON too.
    private static func isAnswer(_ value: JSONValue) -> Bool {
        let usage = value["usage"]
        if let object = value["object"]?.string, objects.contains(object) { return true }
        if let choice = value["choices"]?.array?.first {
            return choice["message"] != nil || choice["text"] != nil || choice["finish_reason"] != nil
        }
        if value["created"]?.count != nil, value["data"] != nil || value["model"] != nil { return true }
        if value["stop_reason"] != nil, usage?.object != nil { return true }
        if value["candidates"]?.array != nil, value["usage_metadata"]?.object != nil { return true }
        if value["text"]?.string != nil, usage?["type"]?.string != nil { return true }
        return value.value(at: langChainUsage[...])?.object != nil
    }

    // MARK: Without content

    private static let partNames: [(field: CanonicalField, name: String)] = [
        (.cacheReadTokens, "part_cache_read"), (.cacheWriteTokens, "part_cache_write"),
        (.cacheWriteOneHourTokens, "part_cache_write_1h"), (.cacheWriteFiveMinuteTokens, "part_cache_write_5m"),
    ]

    private static let keptName = "skein.facts"
    private static let usageParts: [(name: String, part: any WritableKeyPath<TokenUsage, Int64?> & Sendable)] = [
        ("input", \.input), ("output", \.output), ("cache_read", \.cacheRead), ("cache_write", \.cacheWrite),
        ("cache_write_1h", \.cacheWriteOneHour), ("reasoning", \.reasoning), ("audio_input", \.audioInput),
        ("audio_output", \.audioOutput),
    ]

    /// What stays of an answer when its words are not kept.
    ///
    /// - Parameter output: Any text.
    /// - Returns: An object of numbers, an id and a tier; nil when it is no JSON, or has none of the facts.
    public static func kept(of output: UnsafeBufferPointer<UInt8>) -> JSONValue? {
        guard var json = JSONValue(utf8: output) else { return nil }
        // Some libraries write the JSON into a JSON string.
        if var inner = json.string, let opened = inner.withUTF8({ JSONValue(utf8: $0) }) { json = opened }
        let facts = AnswerFacts(json)
        var members: [JSONMember] = []
        if let id = facts.id { members.append(JSONMember("id", .string(id))) }
        let rest = facts.members
        if !rest.isEmpty { members.append(JSONMember(keptName, .object(rest))) }
        return members.isEmpty ? nil : .object(members)
    }

    private var members: [JSONMember] {
        var members: [JSONMember] = []
        if let tier { members.append(JSONMember("tier", .string(tier))) }
        if let cost { members.append(JSONMember("cost", .string(cost.decimal))) }
        for (field, name) in Self.partNames {
            guard let count = counts.first(where: { $0.field == field })?.count else { continue }
            members.append(JSONMember(name, .number("\(count)")))
        }
        guard let usage else { return members }
        for (name, part) in Self.usageParts {
            if let count = usage.usage[keyPath: part] { members.append(JSONMember(name, .number("\(count)"))) }
        }
        if let total = usage.total { members.append(JSONMember("total", .number("\(total)"))) }
        if usage.isCachedApart { members.append(JSONMember("cached_apart", .bool(true))) }
        if usage.isReasoningApart { members.append(JSONMember("reasoning_apart", .bool(true))) }
        return members
    }

    private mutating func readKept(_ kept: JSONValue) {
        tier = kept["tier"]?.string.flatMap { Self.tiers.contains($0) ? $0 : nil }
        cost = kept["cost"]?.cost
        for (field, name) in Self.partNames {
            if let count = kept[name]?.count { counts.append((field, count)) }
        }
        var stated = StatedUsage()
        for (name, part) in Self.usageParts { stated.usage[keyPath: part] = kept[name]?.count }
        stated.total = kept["total"]?.count
        stated.isCachedApart = kept["cached_apart"] != nil
        stated.isReasoningApart = kept["reasoning_apart"] != nil
        if stated.isKnown { usage = stated }
    }
}
