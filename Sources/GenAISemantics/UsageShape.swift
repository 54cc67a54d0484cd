// UsageShape.swift - the objects in which providers and frameworks write token counts.

import TraceModel

/// One way of writing token counts into an object.
///
/// A shape is known by a member that the others have not, or have with another meaning: the first that fits is taken.
struct UsageShape: Sendable {
    /// An object is of this shape when it has one of these.
    let signs: [String]
    /// And one of these, unless there are none.
    var details: [String] = []
    /// And none of these.
    var absent: [String] = []
    let input: [String]
    /// Input that the count of it leaves out.
    var inputBeside: [String] = []
    let output: [String]
    var cacheRead: [String] = []
    var cacheWrite: [String] = []
    var cacheWriteOneHour: [String] = []
    var reasoning: [String] = []
    var audioInput: [String] = []
    var audioOutput: [String] = []
    var total: [String] = []
    /// Whether the input leaves cached tokens out.
    var isCachedApart = false
    /// Whether the output leaves reasoning out.
    var isReasoningApart = false
    /// Whether members that begin like input and output are parts beside them.
    var hasOtherParts = false

    private static let cacheReads = [
        "prompt_tokens_details.cached_tokens", "input_tokens_details.cached_tokens", "input_token_details.cache_read",
        "prompt_tokens_details.cache_read_tokens", "cache_read_input_tokens", "cache_read_tokens",
        "cached_input_tokens", "cached_tokens", "prompt_cached_tokens", "prompt_cache_hit_tokens",
    ]
    private static let cacheWrites = [
        "input_token_details.cache_creation", "prompt_tokens_details.cache_write_tokens",
        "input_tokens_details.cache_write_tokens", "cache_creation_input_tokens", "cache_creation_tokens",
        "cache_write_tokens", "prompt_cache_creation_tokens",
    ]
    private static let hourWrites = ["cache_creation.ephemeral_1h_input_tokens"]
    private static let reasonings = [
        "completion_tokens_details.reasoning_tokens", "output_tokens_details.reasoning_tokens",
        "output_token_details.reasoning", "reasoning_tokens", "completion_reasoning_tokens",
    ]

    /// Every shape, the particular ones first.
    static let all: [UsageShape] = [
        openAIChat, geminiCamel, geminiSnake, bedrock, camel, anthropic, anthropicBare, snake, buckets,
    ]

    /// OpenAI's chat and completions; also what copies them.
    static let openAIChat = UsageShape(
        signs: ["prompt_tokens", "completion_tokens"],
        input: ["prompt_tokens"],
        output: ["completion_tokens"],
        cacheRead: cacheReads,
        cacheWrite: cacheWrites,
        reasoning: reasonings,
        audioInput: ["prompt_tokens_details.audio_tokens"],
        audioOutput: ["completion_tokens_details.audio_tokens"],
        total: ["total_tokens", "tokens"]
    )

    /// Gemini's answer: thoughts beside the candidates.
    static let geminiCamel = UsageShape(
        signs: ["promptTokenCount", "candidatesTokenCount"],
        input: ["promptTokenCount"],
        inputBeside: ["toolUsePromptTokenCount"],
        output: ["candidatesTokenCount"],
        cacheRead: ["cachedContentTokenCount"],
        reasoning: ["thoughtsTokenCount"],
        total: ["totalTokenCount"],
        isReasoningApart: true
    )

    /// The same as the Python SDK writes it.
    static let geminiSnake = UsageShape(
        signs: ["prompt_token_count", "candidates_token_count"],
        input: ["prompt_token_count"],
        inputBeside: ["tool_use_prompt_token_count"],
        output: ["candidates_token_count"],
        cacheRead: ["cached_content_token_count"],
        reasoning: ["thoughts_token_count"],
        total: ["total_token_count"],
        isReasoningApart: true
    )

    /// Bedrock's Converse: cached tokens beside the input.
    static let bedrock = UsageShape(
        signs: ["inputTokens"],
        details: ["cacheReadInputTokens", "cacheWriteInputTokens", "cacheReadInputTokenCount"],
        input: ["inputTokens"],
        output: ["outputTokens"],
        cacheRead: ["cacheReadInputTokens", "cacheReadInputTokenCount"],
        cacheWrite: ["cacheWriteInputTokens", "cacheWriteInputTokenCount"],
        total: ["totalTokens"],
        isCachedApart: true
    )

    /// JavaScript frameworks.
    static let camel = UsageShape(
        signs: ["inputTokens", "outputTokens", "promptTokens", "completionTokens"],
        input: ["inputTokens", "promptTokens"],
        output: ["outputTokens", "completionTokens"],
        cacheRead: ["cachedInputTokens", "cachedContentTokens", "inputTokenDetails.cacheReadTokens"],
        cacheWrite: ["inputTokenDetails.cacheWriteTokens"],
        reasoning: ["reasoningTokens", "thoughtsTokens", "outputTokenDetails.reasoningTokens"],
        total: ["totalTokens"]
    )

    /// Anthropic's answer: cached tokens beside the input, and no total.
    static let anthropic = UsageShape(
        signs: ["input_tokens"],
        details: ["cache_creation", "server_tool_use", "service_tier"],
        input: ["input_tokens"],
        output: ["output_tokens"],
        cacheRead: ["cache_read_input_tokens"],
        cacheWrite: ["cache_creation_input_tokens"],
        cacheWriteOneHour: hourWrites,
        isCachedApart: true
    )

    /// The same from older versions, which name no tier.
    static let anthropicBare = UsageShape(
        signs: ["input_tokens"],
        details: ["cache_creation_input_tokens"],
        absent: ["total_tokens"],
        input: ["input_tokens"],
        output: ["output_tokens"],
        cacheRead: ["cache_read_input_tokens"],
        cacheWrite: ["cache_creation_input_tokens"],
        isCachedApart: true
    )

    /// OpenAI's responses, LangChain, MLflow and others: cached tokens inside the input.
    static let snake = UsageShape(
        signs: ["input_tokens", "output_tokens"],
        input: ["input_tokens"],
        output: ["output_tokens"],
        cacheRead: cacheReads,
        cacheWrite: cacheWrites,
        cacheWriteOneHour: hourWrites,
        reasoning: reasonings,
        audioInput: [
            "input_token_details.audio", "input_token_details.audio_tokens", "input_tokens_details.audio_tokens",
        ],
        audioOutput: [
            "output_token_details.audio", "output_token_details.audio_tokens", "output_tokens_details.audio_tokens",
        ],
        total: ["total_tokens"]
    )

    /// Langfuse: buckets that exclude each other (attribute dictionary, section 4.4).
    static let buckets = UsageShape(
        signs: ["input", "output"],
        input: ["input"],
        output: ["output"],
        cacheRead: [
            "input_cached_tokens", "input_cache_read", "input_cache_read_tokens", "cache_read_input_tokens",
            "cached_tokens",
        ],
        cacheWrite: [
            "input_cache_creation", "input_cache_creation_tokens", "cache_creation_input_tokens", "input_cache_write",
        ],
        cacheWriteOneHour: ["input_cache_creation_1h"],
        reasoning: ["output_reasoning_tokens", "output_reasoning"],
        audioInput: ["input_audio_tokens", "input_audio"],
        audioOutput: ["output_audio_tokens", "output_audio"],
        total: ["total"],
        isCachedApart: true,
        isReasoningApart: true,
        hasOtherParts: true
    )
}

extension UsageShape {
    /// The counts in an object of a shape that is known.
    ///
    /// - Returns: Nil when the shape is not known, or neither input nor output is a count.
    static func read(_ object: JSONValue) -> StatedUsage? {
        guard let shape = all.first(where: { $0.fits(object) }) else { return nil }
        let stated = shape.counts(object)
        return stated.isKnown ? stated : nil
    }

    private func fits(_ object: JSONValue) -> Bool {
        signs.contains { object[$0]?.count != nil } && (details.isEmpty || details.contains { object[$0] != nil })
            && !absent.contains { object[$0] != nil }
    }

    private func counts(_ object: JSONValue) -> StatedUsage {
        func first(_ names: [String]) -> Int64? {
            for name in names {
                guard name.utf8.contains(UInt8(ascii: ".")) else {
                    if let count = object[name]?.count { return count }
                    continue
                }
                if let count = object[path: name.split(separator: ".").map(String.init)]?.count { return count }
            }
            return nil
        }
        var stated = StatedUsage()
        stated.usage.input = first(input)
        if let more = first(inputBeside) { stated.usage.input = (stated.usage.input ?? 0).addingWithoutOverflow(more) }
        stated.usage.output = first(output)
        stated.usage.cacheRead = first(cacheRead)
        stated.usage.cacheWrite = first(cacheWrite)
        stated.usage.cacheWriteOneHour = first(cacheWriteOneHour)
        stated.usage.reasoning = first(reasoning)
        stated.usage.audioInput = first(audioInput)
        stated.usage.audioOutput = first(audioOutput)
        stated.total = first(total)
        stated.isCachedApart = isCachedApart
        stated.isReasoningApart = isReasoningApart
        if hasOtherParts { addOtherParts(of: object, to: &stated.usage) }
        return stated
    }

    /// Adds what stands beside input and output under names of its own, such as audio or images.
    private func addOtherParts(of object: JSONValue, to usage: inout TokenUsage) {
        let known = cacheRead + cacheWrite + cacheWriteOneHour + reasoning
        for member in object.object ?? [] where !known.contains(member.name) {
            guard let count = member.value.count else { continue }
            if member.name.hasPrefix("input_") { usage.input = (usage.input ?? 0).addingWithoutOverflow(count) }
            if member.name.hasPrefix("output_") { usage.output = (usage.output ?? 0).addingWithoutOverflow(count) }
        }
    }
}

extension JSONValue {
    /// A count: a number, or the text of one; whole and not negative.
    var count: Int64? {
        guard let digits = number ?? string, digits.utf8.count <= 64 else { return nil }
        if let exact = Int64(digits) { return exact >= 0 ? exact : nil }
        guard let real = Double(digits), real >= 0, real < 0x1p63, real == real.rounded(.towardZero) else { return nil }
        return Int64(real)
    }

    /// An amount of USD, not negative.
    var cost: PicoUSD? {
        guard let digits = number ?? string, digits.utf8.count <= 64, let amount = PicoUSD(decimal: digits),
            amount.value >= 0
        else { return nil }
        return amount
    }

    /// The value of an attribute that is an object or a list, nested or as JSON text; nil for anything else.
    init?(objectIn value: UnsafePointer<AnyValue>) {
        guard value.pointee.kind == AnyValue.stringKind else {
            self.init(value)
            return
        }
        guard let text = value.text, let parsed = JSONValue(utf8: text) else { return nil }
        // Some write JSON into a JSON string.
        if let inner = parsed.string, let again = JSONValue(inner) { self = again } else { self = parsed }
    }

    /// The value at a path, where `*` is the first element of a list that has the rest.
    func value(at path: ArraySlice<String>) -> JSONValue? {
        guard let name = path.first else { return self }
        guard name == "*" else { return self[name]?.value(at: path.dropFirst()) }
        guard let array else { return nil }
        for element in array {
            if let found = element.value(at: path.dropFirst()) { return found }
        }
        return nil
    }
}
