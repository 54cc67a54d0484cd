// MaskingRules.swift - the rules of the configuration as a policy for one batch after the other.

import GenAISemantics
import OTLPCodec

/// Rules that are checked and compiled; shared by all tasks.
struct CompiledRules: Sendable {
    struct Attribute: Sendable {
        var rule: Int
        var form: KeyForm
        var mask: AttributeMask
    }

    struct Pattern: Sendable {
        var rule: Int
        var pattern: TextPattern
        var builtIn: BuiltInPattern?
        var replacement: [UInt8]
        var label: String
    }

    let attributes: [Attribute]
    let patterns: [Pattern]
    /// Any of the patterns, to tell in one pass that there is no match; nil when they are too large together.
    let anyPattern: TextPattern?
    /// Nil when content is kept.
    let content: ContentKeys?
    let count: Int

    init(_ rules: [RedactionRule], keepsContent: Bool) throws(PatternError) {
        var attributes: [Attribute] = []
        var patterns: [Pattern] = []
        for (place, rule) in rules.enumerated() {
            let replacement = Array(rule.effectiveReplacement.utf8)
            func pattern(_ text: String, _ builtIn: BuiltInPattern?) throws(PatternError) -> Pattern {
                Pattern(
                    rule: place,
                    pattern: try TextPattern(text),
                    builtIn: builtIn,
                    replacement: replacement,
                    label: rule.label(at: place)
                )
            }
            switch rule.target {
            case .attribute(let key):
                let mask = rule.action == .remove ? AttributeMask.remove : .replace(replacement)
                attributes.append(Attribute(rule: place, form: KeyForm(key), mask: mask))
            case .pattern(let text): patterns.append(try pattern(text, nil))
            case .builtIn(let builtIn): patterns.append(try pattern(builtIn.pattern, builtIn))
            }
        }
        self.attributes = attributes
        self.patterns = patterns
        // Without it each pattern is looked for alone.
        anyPattern = patterns.count < 2 ? nil : try? TextPattern(.choice(patterns.map(\.pattern.node)))
        content = keepsContent ? nil : ContentKeys.standard
        count = rules.count
    }
}

/// Decides by rules and by the content switch.
///
/// One task uses it at a time.
final class MaskingRules: MaskPolicy {
    /// Bytes of text that is kept at most when content is not.
    static let longestText = 256
    /// Bytes of what came out of a call in which the facts of an answer are looked for: those of images are long.
    private static let longestOutput = 64 << 20

    private let rules: CompiledRules
    private let searchers: [PatternSearcher]
    private let anySearcher: PatternSearcher?
    /// How many values each rule changed.
    private(set) var changes: [Int]
    /// How many values were content or too long to be kept without it.
    private(set) var contentRemoved = 0

    init(_ rules: CompiledRules) {
        self.rules = rules
        searchers = rules.patterns.map { PatternSearcher($0.pattern) }
        anySearcher = rules.anyPattern.map { PatternSearcher($0) }
        changes = Array(repeating: 0, count: rules.count)
    }

    func attribute(
        _ key: UnsafeRawBufferPointer,
        path: UnsafeRawBufferPointer,
        within nature: ValueNature
    ) throws(MaskFailure) -> AttributeMask {
        for attribute in rules.attributes {
            let isNested = key.count != path.count
            guard attribute.form.matches(key) || (isNested && attribute.form.matches(path)) else { continue }
            changes[attribute.rule] += 1
            return attribute.mask
        }
        guard let content = rules.content else { return .look(.plain) }
        var kind = content.kind(of: key)
        if kind == .other, key.count != path.count { kind = content.kind(of: path) }
        switch kind {
        case .content:
            contentRemoved += 1
            return .empty
        case .name: return .look(.name)
        case .numbers: return .look(.numbers)
        case .answer: return .look(.answer)
        case .facts: return .look(.facts)
        case .other: return .look(nature == .numbers && NumbersInJSON.keepsText(of: key) ? .name : nature)
        }
    }

    func text(_ text: UnsafeRawBufferPointer, at place: TextPlace) throws(MaskFailure) -> TextMask {
        if rules.content != nil, isTooLong(text, place) {
            contentRemoved += 1
            return .remove
        }
        var masked: [UInt8]?
        if mayMatchAny(text) {
            for index in rules.patterns.indices {
                guard let next = try applying(index, to: text, masked) else { continue }
                masked = next
            }
        }
        if rules.content != nil, let shorter = shortened(text, masked, place) {
            contentRemoved += 1
            if shorter.isEmpty, case .value(.facts) = place { return .remove }
            masked = shorter
        }
        return masked.map { .replace($0) } ?? .keep
    }

    /// Whether patterns have to be looked for one by one.
    private func mayMatchAny(_ text: UnsafeRawBufferPointer) -> Bool {
        var candidates = 0
        for searcher in searchers where searcher.mayMatch(text) { candidates += 1 }
        guard candidates > 1, let anySearcher else { return candidates > 0 }
        return anySearcher.mayHaveMatch(in: text)
    }

    /// Whether a text goes as a whole when content is not kept: for its length, or as bytes among numbers.
    private func isTooLong(_ text: UnsafeRawBufferPointer, _ place: TextPlace) -> Bool {
        // Bytes are no numbers.
        if case .bytes(.numbers) = place { return true }
        guard text.count > Self.longestText else { return false }
        switch place {
        case .value(.plain), .bytes, .statusMessage: return true
        case .value(.numbers): return text.count > NumbersInJSON.maxBytes
        case .value(.facts): return text.count > Self.longestOutput
        case .value(.answer), .value(.name), .name, .reference: return false
        }
    }

    /// What is left of a text of which a part can stay; nil when all can.
    private func shortened(_ text: UnsafeRawBufferPointer, _ masked: [UInt8]?, _ place: TextPlace) -> [UInt8]? {
        func shorter(_ text: UnsafeRawBufferPointer) -> [UInt8]? {
            switch place {
            case .value(.name), .name: text.count > Self.longestText ? Self.prefix(of: text) : nil
            case .value(.numbers): NumbersInJSON.only(text)
            case .value(.answer): UsageInJSON.only(text)
            case .value(.facts): Self.onlyFacts(in: text)
            case .value(.plain), .bytes, .statusMessage, .reference: nil
            }
        }
        return masked.map { $0.withUnsafeBytes(shorter) } ?? shorter(text)
    }

    /// JSON with the facts of an answer, or nothing; nil when there was nothing else.
    private static func onlyFacts(in text: UnsafeRawBufferPointer) -> [UInt8]? {
        var kept: [UInt8] = []
        if let facts = text.withMemoryRebound(to: UInt8.self, AnswerFacts.kept) { kept.appendJSON(facts) }
        return kept.elementsEqual(text) ? nil : kept
    }

    /// The first bytes of UTF-8, cut between characters.
    private static func prefix(of text: UnsafeRawBufferPointer) -> [UInt8] {
        var end = longestText
        while end > 0, text[end] & 0xC0 == 0x80 { end -= 1 }
        return Array(text[..<end])
    }

    /// The text, or what earlier rules made of it, after a pattern; nil when it does not occur.
    private func applying(
        _ index: Int,
        to text: UnsafeRawBufferPointer,
        _ masked: [UInt8]?
    ) throws(MaskFailure) -> [UInt8]? {
        guard let masked else { return try applying(index, to: text) }
        let result = masked.withUnsafeBytes { bytes in
            Result { () throws(MaskFailure) in try applying(index, to: bytes) }
        }
        return try result.get()
    }

    private func applying(_ index: Int, to text: UnsafeRawBufferPointer) throws(MaskFailure) -> [UInt8]? {
        let rule = rules.patterns[index]
        let found: [Range<Int>]
        do {
            found = try searchers[index].matches(in: text) { rule.builtIn?.accepts($0) ?? true }
        } catch {
            throw MaskFailure(reason: "have a value for which \(rule.label) needs too much work")
        }
        guard !found.isEmpty else { return nil }
        var result: [UInt8] = []
        result.reserveCapacity(text.count)
        var copied = 0
        for match in found {
            result.append(contentsOf: text[copied..<match.lowerBound])
            result.append(contentsOf: rule.replacement)
            copied = match.upperBound
        }
        result.append(contentsOf: text[copied...])
        guard !text.elementsEqual(result) else { return nil }
        changes[rule.rule] += found.count
        return result
    }
}
