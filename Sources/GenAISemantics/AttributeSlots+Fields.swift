// AttributeSlots+Fields.swift - fields as the types they have in the canonical record.

import COTLP
import TraceModel

extension AttributeSlots {
    /// Text that is not empty, cut at the limit for names.
    func text(_ field: CanonicalField) -> String? {
        first(field) { value, _ in value.text.map { String($0, cutAt: TextLimit.name) } }
    }

    /// The same for text that many spans share.
    func text(_ field: CanonicalField, using recent: inout RecentTexts) -> String? {
        first(field) { value, _ in value.text.map { recent.string($0, cutAt: TextLimit.name) } }
    }

    /// The name of a session or user: text, or a number where the attribute's name leaves no doubt.
    func identity(_ field: CanonicalField) -> String? {
        first(field) { value, form in
            if let text = value.text { return String(text, cutAt: TextLimit.name) }
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

    /// Why each choice ended; empty when unknown.
    var finishReasons: FewStrings {
        first(.finishReasons) { value, _ in FinishReasons.read(value) } ?? FewStrings()
    }

    /// The provider's canonical name, from an attribute or else, where the span is a call, from the server called.
    func provider(role: SpanRole) -> String? {
        if let stated = first(.provider, { value, _ in value.text.map(ProviderNames.canonical) }) { return stated }
        guard role.isProviderCall else { return nil }
        return first(.serverAddress) { value, _ in value.text.flatMap(ProviderNames.provider(ofHost:)) }
    }

    private static let usageFields =
        CanonicalField.inputTokens.bit | CanonicalField.outputTokens.bit | CanonicalField.cacheReadTokens.bit
        | CanonicalField.cacheWriteTokens.bit | CanonicalField.reasoningTokens.bit

    private static let summedFields =
        CanonicalField.summedInputTokens.bit | CanonicalField.summedOutputTokens.bit
        | CanonicalField.summedCacheReadTokens.bit | CanonicalField.summedCacheWriteTokens.bit
        | CanonicalField.summedReasoningTokens.bit

    /// The usage that the span states as its own, in inclusive totals.
    var usage: TokenUsage {
        guard fields & Self.usageFields != 0 else { return TokenUsage() }
        return TokenUsage(
            input: count(.inputTokens),
            output: count(.outputTokens),
            cacheRead: count(.cacheReadTokens),
            cacheWrite: count(.cacheWriteTokens),
            reasoning: count(.reasoningTokens)
        ).inclusive
    }

    /// The usage that the span states as a sum over its descendants, in inclusive totals.
    var summedUsage: TokenUsage {
        guard fields & Self.summedFields != 0 else { return TokenUsage() }
        return TokenUsage(
            input: count(.summedInputTokens),
            output: count(.summedOutputTokens),
            cacheRead: count(.summedCacheReadTokens),
            cacheWrite: count(.summedCacheWriteTokens),
            reasoning: count(.summedReasoningTokens)
        ).inclusive
    }
}
