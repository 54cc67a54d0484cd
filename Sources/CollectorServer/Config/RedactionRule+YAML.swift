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
        guard value.isList else {
            throw ConfigError(problems: ["\(path):\(value.line): \(key) has to be a list of maps"])
        }
        var problems: [String] = []
        let rules = value.entries.compactMap { entry in
            do throws(RuleFault) {
                return try rule(entry)
            } catch {
                problems.append("\(path):\(error.line): \(key): \(error.message)")
                return nil
            }
        }
        guard problems.isEmpty else { throw ConfigError(problems: problems) }
        return rules
    }

    private struct RuleFault: Error {
        var line: Int
        var message: String
    }

    private static func rule(_ entry: FileEntry) throws(RuleFault) -> RedactionRule {
        let known = targets + others
        for (name, value) in entry.fields.sorted(by: { $0.value.line < $1.value.line }) where !known.contains(name) {
            throw RuleFault(
                line: value.line,
                message: "unknown key \(name); there are \(known.joined(separator: ", "))"
            )
        }
        let named = targets.filter { entry.fields[$0] != nil }
        guard named.count == 1, let value = entry.fields[named[0]], let text = value.texts.first else {
            throw RuleFault(line: entry.line, message: "a rule has one of \(targets.joined(separator: ", "))")
        }
        var rule = RedactionRule(target: try target(named[0], text, value.line))
        if let action = entry.fields["action"] {
            guard let known = Action(rawValue: action.texts.first ?? "") else {
                let names = Action.allCases.map(\.rawValue).joined(separator: " or ")
                throw RuleFault(line: action.line, message: "the action has to be \(names)")
            }
            rule.action = known
        }
        rule.replacement = entry.fields["replacement"]?.texts.first
        if let problem = rule.problem { throw RuleFault(line: value.line, message: problem) }
        return rule
    }

    private static func target(_ name: String, _ text: String, _ line: Int) throws(RuleFault) -> Target {
        switch name {
        case "attribute": return .attribute(text)
        case "pattern": return .pattern(text)
        default:
            if let builtIn = BuiltInPattern(rawValue: text) { return .builtIn(builtIn) }
            let names = BuiltInPattern.allCases.map(\.rawValue).joined(separator: ", ")
            throw RuleFault(line: line, message: "there is no builtin \"\(text)\"; there are \(names)")
        }
    }

    /// The rule as a map of YAML on one line.
    var yaml: String {
        let target =
            switch target {
            case .attribute(let key): "attribute: \(Self.quoted(key))"
            case .pattern(let text): "pattern: \(Self.quoted(text))"
            case .builtIn(let builtIn): "builtin: \(builtIn.rawValue)"
            }
        let action = action == .mask ? "" : ", action: \(action.rawValue)"
        let replacement = replacement.map { ", replacement: \(Self.quoted($0))" } ?? ""
        return "{\(target)\(action)\(replacement)}"
    }

    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": result += "\\\(scalar)"
            case "\u{20}"..."\u{7E}", "\u{A1}"..."\u{D7FF}": result.unicodeScalars.append(scalar)
            default:
                let digits = String(scalar.value, radix: 16)
                result += "\\U" + String(repeating: "0", count: 8 - digits.count) + digits
            }
        }
        return result + "\""
    }
}
