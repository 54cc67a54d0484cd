// RedactionRule+YAML.swift - rules that mask, as they stand in the configuration.

import Foundation
import IngestPipeline

extension RedactionRule {
    private static let targets = ["attribute", "pattern", "builtin"]
    private static let others = ["action", "replacement"]

    /// Reads the rules of a list.
    ///
    /// - Throws: `ConfigError` with every problem at once, each with its line.
    static func rules(_ value: FileValue, key: String, in path: String) throws(ConfigError) -> [RedactionRule] {
        try value.read(key: key, in: path, rule)
    }

    private static func rule(_ entry: FileEntry) throws(EntryFault) -> RedactionRule {
        try entry.checkKeys(targets + others)
        for (name, value) in entry.ordered where value.text == nil {
            throw EntryFault(line: value.line, message: "\(name) has to be a text")
        }
        let named = targets.filter { entry.fields[$0] != nil }
        guard named.count == 1, let value = entry.fields[named[0]], let text = value.text else {
            throw EntryFault(line: entry.line, message: "a rule has one of \(targets.joined(separator: ", "))")
        }
        var rule = RedactionRule(target: try target(named[0], text, value.line))
        if let action = entry.fields["action"] {
            guard let known = Action(rawValue: action.texts.first ?? "") else {
                let names = Action.allCases.map(\.rawValue).joined(separator: " or ")
                throw EntryFault(line: action.line, message: "the action has to be \(names)")
            }
            rule.action = known
        }
        rule.replacement = entry.fields["replacement"]?.texts.first
        if let problem = rule.problem { throw EntryFault(line: value.line, message: problem) }
        return rule
    }

    private static func target(_ name: String, _ text: String, _ line: Int) throws(EntryFault) -> Target {
        switch name {
        case "attribute": return .attribute(text)
        case "pattern": return .pattern(text)
        default:
            if let builtIn = BuiltInPattern(rawValue: text) { return .builtIn(builtIn) }
            let names = BuiltInPattern.allCases.map(\.rawValue).joined(separator: ", ")
            throw EntryFault(line: line, message: "there is no builtin \"\(text)\"; there are \(names)")
        }
    }

    /// The rule as a map of YAML on one line.
    var yaml: String {
        let target =
            switch target {
            case .attribute(let key): "attribute: \(key.yamlQuoted)"
            case .pattern(let text): "pattern: \(text.yamlQuoted)"
            case .builtIn(let builtIn): "builtin: \(builtIn.rawValue)"
            }
        let action = action == .mask ? "" : ", action: \(action.rawValue)"
        let replacement = replacement.map { ", replacement: \($0.yamlQuoted)" } ?? ""
        return "{\(target)\(action)\(replacement)}"
    }
}
