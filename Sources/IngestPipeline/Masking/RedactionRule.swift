// RedactionRule.swift - what a rule of the configuration says.

/// A rule that masks values before anything is stored.
public struct RedactionRule: Sendable, Equatable {
    /// What a rule looks for.
    public enum Target: Sendable, Equatable {
        /// Attributes of this key, at any level of nesting; `*` stands for any characters.
        case attribute(String)
        /// Matches of a pattern in every text.
        case pattern(String)
        /// Matches of a pattern that is built in.
        case builtIn(BuiltInPattern)
    }

    /// What a rule does with an attribute.
    public enum Action: String, Sendable, CaseIterable {
        /// Its value becomes the replacement.
        case mask
        /// It goes, key and all.
        case remove
    }

    /// Bytes of a replacement at most.
    public static let maxReplacementBytes = 64
    /// The replacement of an attribute's value, and of a match of a pattern, where a rule says none.
    public static let defaultReplacement = "[redacted]"

    /// What it looks for.
    public var target: Target
    /// What it does with an attribute; patterns always replace what they match.
    public var action: Action
    /// What stands in the place of what was found; nil for the default of its target.
    public var replacement: String?

    /// Makes a rule.
    public init(target: Target, action: Action = .mask, replacement: String? = nil) {
        self.target = target
        self.action = action
        self.replacement = replacement
    }

    /// What is put in the place of what was found.
    public var effectiveReplacement: String {
        if let replacement { return replacement }
        if case .builtIn(let pattern) = target { return pattern.replacement }
        return Self.defaultReplacement
    }

    /// How the rule is called in messages, by its place in the configuration; never holds its pattern.
    ///
    /// - Parameter place: Counted from 0.
    /// - Returns: Such as `redaction rule 2 (pattern)`.
    public func label(at place: Int) -> String {
        let kind =
            switch target {
            case .attribute: "attribute"
            case .pattern: "pattern"
            case .builtIn(let pattern): "builtin \(pattern.rawValue)"
            }
        return "redaction rule \(place + 1) (\(kind))"
    }

    /// What is wrong with the rule; nil when it can be used.
    public var problem: String? {
        if let replacement, replacement.utf8.count > Self.maxReplacementBytes {
            return "the replacement is longer than \(Self.maxReplacementBytes) bytes"
        }
        switch target {
        case .attribute(let key):
            if key.isEmpty || key.allSatisfy({ $0 == "*" }) { return "the attribute has to name something" }
            return key.utf8.count > 256 ? "the attribute is longer than 256 bytes" : nil
        case .pattern(let text):
            if action == .remove { return "action remove is for attributes; a pattern replaces what it matches" }
            do {
                _ = try TextPattern(text)
                return nil
            } catch {
                return "the pattern \(error.message)"
            }
        case .builtIn: return action == .remove ? "action remove is for attributes" : nil
        }
    }
}
