// AttributeSlots+Fields.swift - fields as the types they have in the canonical record.

import COTLP
import TraceModel

extension AttributeSlots {
    /// Whether a name that is not too general gives text.
    func hasText(_ field: CanonicalField) -> Bool {
        first(field) { value, form in form == .onKnownRole ? nil : value.name } != nil
    }

    /// Text that is not empty, cut at the limit for names.
    func text(_ field: CanonicalField) -> String? {
        first(field) { value, _ in value.name.map { String($0, cutAt: TextLimit.name) } }
    }

    /// The same for text that many spans share.
    func text(_ field: CanonicalField, using recent: inout RecentTexts) -> String? {
        first(field) { value, _ in value.name.map { recent.string($0, cutAt: TextLimit.name) } }
    }

    /// The name of a session or user: text, or a number where the attribute's name leaves no doubt.
    func identity(_ field: CanonicalField) -> String? {
        first(field) { value, form in
            if let text = value.name { return String(text, cutAt: TextLimit.name) }
            guard form != .textOnly, value.pointee.kind == AnyValue.intKind else { return nil }
            return String(value.pointee.int_value)
        }
    }

    /// A count, never negative.
    func count(_ field: CanonicalField) -> Int64? {
        first(field) { value, _ in LenientNumber(value)?.count }
    }

    /// An amount of money, never negative.
    ///
    /// - Parameter role: What is known of the span's role; general names do not count on a span without one.
    /// - Returns: Nil when no name holds a valid amount.
    func cost(role: SpanRole) -> PicoUSD? {
        first(.cost) { value, form in
            guard form != .onKnownRole || role != .other else { return nil }
            return LenientNumber(value)?.cost
        }
    }

    /// A duration in nanoseconds, never negative.
    func nanoseconds(_ field: CanonicalField) -> Int64? {
        first(field) { value, form in
            LenientNumber(value)?.nanoseconds(perUnit: form == .milliseconds ? 1e6 : 1e9)
        }
    }

    /// A truth value.
    func truth(_ field: CanonicalField) -> Bool? {
        first(field) { value, _ in value.truth }
    }

    /// The tags of the span and its attributes `source` and `tenant`, as `LLMCall.labels` has them; nil for none.
    var labels: String? {
        var labels = ""
        forEach(.label) { value in
            for label in JSONValue(value).labels where labels.utf8.count + label.utf8.count < TextLimit.labels {
                labels += (labels.isEmpty ? LLMCall.labelSeparator : "") + label + LLMCall.labelSeparator
            }
        }
        return labels.isEmpty ? nil : labels
    }

    /// Why each choice ended; empty when unknown.
    var finishReasons: FewStrings {
        first(.finishReasons) { value, _ in FinishReasons.read(value) } ?? FewStrings()
    }

    /// The provider's canonical name, from an attribute or else, where the span is a call, from the server called.
    func provider(role: SpanRole) -> String? {
        let stated = first(.provider) { value, form in
            value.name.map { form == .beforeDot ? ProviderNames.canonical(ofAPI: $0) : ProviderNames.canonical($0) }
        }
        switch stated {
        case "openai" where role.isProviderCall:
            // OpenAI's client speaks to many; who it is made for is all that some instrumentations name.
            return providerOfServer ?? stated
        case "gcp.gemini" where named(.provider, "gcp.vertex_ai"):
            // Google by one attribute, its Vertex by another one.
            return "gcp.vertex_ai"
        case nil where role.isProviderCall: return providerOfServer
        default: return stated
        }
    }

    /// The provider that the server called belongs to.
    private var providerOfServer: String? {
        if let known = first(.serverAddress, { value, _ in value.text.flatMap(ProviderNames.provider(ofHost:)) }) {
            return known
        }
        // A gateway to a provider that charges may listen there too: the model tells.
        let isPlaceOfOllama = first(.serverAddress) { value, _ in
            value.text.map(ProviderNames.isPlaceOfOllama) == true ? true : nil
        }
        guard isPlaceOfOllama == true, let model = text(.responseModel) ?? text(.requestModel) else { return nil }
        return ProviderNames.provider(ofModel: model) == nil ? "ollama" : nil
    }

    private func named(_ field: CanonicalField, _ provider: String) -> Bool {
        first(field) { value, _ in
            guard let name = value.name, ProviderNames.canonical(name) == provider else { return nil }
            return true
        } ?? false
    }

    private static let usageFields =
        CanonicalField.inputTokens.bit | CanonicalField.outputTokens.bit | CanonicalField.cacheReadTokens.bit
        | CanonicalField.cacheWriteTokens.bit | CanonicalField.reasoningTokens.bit

    private static let summedFields =
        CanonicalField.summedInputTokens.bit | CanonicalField.summedOutputTokens.bit
        | CanonicalField.summedCacheReadTokens.bit | CanonicalField.summedCacheWriteTokens.bit
        | CanonicalField.summedReasoningTokens.bit

    /// The usage that the span states as its own.
    ///
    /// - Parameter role: What is known of the span's role; general names do not count on a span without one.
    /// - Returns: Nil when no name of a count is there.
    func usage(role: SpanRole?) -> StatedUsage? {
        guard fields & Self.usageFields != 0 else { return nil }
        let isKnown = role != nil && role != .other
        func count(_ field: CanonicalField) -> Int64? {
            first(field) { value, form in form == .onKnownRole && !isKnown ? nil : LenientNumber(value)?.count }
        }
        var stated = StatedUsage()
        let input = first(.inputTokens) { value, form -> (count: Int64, isApart: Bool)? in
            guard isKnown || (form != .cachedApart && form != .onKnownRole) else { return nil }
            return LenientNumber(value)?.count.map { ($0, form == .cachedApart) }
        }
        stated.usage.input = input?.count
        stated.usage.output = count(.outputTokens)
        stated.usage.cacheRead = count(.cacheReadTokens)
        stated.usage.cacheWrite = count(.cacheWriteTokens)
        stated.usage.reasoning = count(.reasoningTokens)
        stated.usage.cacheWriteOneHour = count(.cacheWriteOneHourTokens)
        stated.usage.audioInput = count(.audioInputTokens)
        stated.usage.audioOutput = count(.audioOutputTokens)
        stated.total = count(.totalTokens)
        stated.isCachedApart = input?.isApart == true || (mayHave(.cachedApart) && leavesCachedOut)
        return stated
    }

    /// Whether the provider is one whose cached tokens an SDK leaves out of the input.
    private var leavesCachedOut: Bool { !mayHave(.cachedInside) && isOfCachedApart }

    /// Whether the provider is one that counts cached tokens apart from the input.
    var isOfCachedApart: Bool {
        guard let provider = provider(role: .llm) else { return false }
        return provider == "anthropic" || provider == "aws.bedrock"
    }

    /// The usage that the span states as a sum over its descendants, in inclusive totals.
    var summedUsage: TokenUsage {
        guard fields & Self.summedFields != 0 else { return TokenUsage() }
        var stated = StatedUsage()
        stated.usage = TokenUsage(
            input: count(.summedInputTokens),
            output: count(.summedOutputTokens),
            cacheRead: count(.summedCacheReadTokens),
            cacheWrite: count(.summedCacheWriteTokens),
            reasoning: count(.summedReasoningTokens)
        )
        return stated.inclusive
    }
}

extension UnsafePointer<AnyValue> {
    /// The bytes of a name that is not empty, without the quotes that some put around it.
    fileprivate var name: UnsafeBufferPointer<UInt8>? {
        guard let bare = text?.unquoted, !bare.isEmpty else { return nil }
        return bare
    }
}
