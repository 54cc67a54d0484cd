// ConfigFile.swift - the settings of a YAML file, by their keys.

import Foundation
import TraceModel
import Yams

/// A value of a configuration file, as text, with its line.
struct FileValue: Equatable {
    var texts: [String]
    var isList: Bool
    var line: Int
    /// The maps of a list of maps; of a map alone, that one.
    var entries: [FileEntry] = []

    /// The text, where it is one and no list or map.
    var text: String? { isList || texts.count != 1 ? nil : texts[0] }
    /// The map, where it is one and no list.
    var map: FileEntry? { isList ? nil : entries.first }
}

/// A map below a setting: keys with values, each with its line.
struct FileEntry: Equatable {
    var fields: [String: FileValue]
    var line: Int

    /// The fields in the order of the file.
    var ordered: [(name: String, value: FileValue)] {
        fields.sorted { ($0.value.line, $0.key) < ($1.value.line, $1.key) }.map { ($0.key, $0.value) }
    }
}

/// The settings of a YAML file, by their dotted keys.
struct ConfigFile: Equatable {
    /// The keys whose values are lists of maps.
    static let mapLists: Set = ["redaction", "prices", "mappings"]

    let path: String
    var values: [String: FileValue] = [:]

    /// Reads a file.
    ///
    /// - Throws: `ConfigError` when it cannot be read, is no YAML, or is not made of keys with texts and lists.
    init(path: String) throws(ConfigError) {
        guard let data = FileManager.default.contents(atPath: path), let text = String(data: data, encoding: .utf8)
        else {
            throw ConfigError(problems: ["\(path): cannot be read as UTF-8 text"])
        }
        try self.init(path: path, text: text)
    }

    init(path: String, text: String) throws(ConfigError) {
        self.path = path
        var problems: [String] = []
        do {
            guard let root = try Yams.compose(yaml: text) else { return }
            collect(root, at: [], &problems)
        } catch {
            problems.append("\(path): \(Self.reason(error))")
        }
        guard problems.isEmpty else { throw ConfigError(problems: problems) }
    }

    /// Reads the value of one key that stands alone, as in a variable of the environment.
    init(path: String, text: String, of key: String) throws(ConfigError) {
        self.path = path
        var problems: [String] = []
        do {
            if let root = try Yams.compose(yaml: text) { collect(root, at: [key], &problems) }
        } catch {
            problems.append("\(path): \(Self.reason(error))")
        }
        guard problems.isEmpty else { throw ConfigError(problems: problems) }
    }

    private mutating func collect(_ node: Node, at place: [String], _ problems: inout [String]) {
        let line = node.mark?.line ?? 0
        let key = place.joined(separator: ".")
        switch node {
        case .mapping(let mapping):
            for (name, value) in mapping {
                guard let name = name.string else {
                    problems.append("\(path):\(line): a key is no text")
                    continue
                }
                collect(value, at: place + [name], &problems)
            }
        case .scalar(let scalar) where place.isEmpty:
            // An empty file, or one of comments alone.
            if !scalar.string.isEmpty { problems.append("\(path):\(line): expected keys and values") }
        case .scalar(let scalar):
            // A key without a value counts as one that is not set, like an empty variable.
            if !scalar.string.isEmpty, node.null == nil {
                values[key] = FileValue(texts: [scalar.string], isList: false, line: line)
            }
        case .sequence(let sequence) where Self.mapLists.contains(key):
            values[key] = FileValue(texts: [], isList: true, line: line, entries: entries(of: sequence, key, &problems))
        case .sequence(let sequence):
            let texts = sequence.compactMap { $0.scalar?.string }
            guard texts.count == sequence.count else {
                problems.append("\(path):\(line): \(key) has to be a list of texts")
                return
            }
            values[key] = FileValue(texts: texts, isList: true, line: line)
        case .alias: problems.append("\(path):\(line): aliases are not supported")
        }
    }

    private func entries(of sequence: Node.Sequence, _ key: String, _ problems: inout [String]) -> [FileEntry] {
        sequence.compactMap { node in
            let line = node.mark?.line ?? 0
            guard case .mapping(let mapping) = node else {
                problems.append("\(path):\(line): \(key) has to be a list of maps")
                return nil
            }
            return entry(of: mapping, line: line, key, &problems)
        }
    }

    private func entry(
        of mapping: Node.Mapping,
        line: Int,
        _ key: String,
        _ problems: inout [String]
    ) -> FileEntry {
        var fields: [String: FileValue] = [:]
        for (name, node) in mapping {
            let line = node.mark?.line ?? line
            guard let name = name.string, let value = value(of: node, line: line, key, &problems) else {
                problems.append("\(path):\(line): \(key): a key has to be a text, and its value a text, list or map")
                continue
            }
            fields[name] = value
        }
        return FileEntry(fields: fields, line: line)
    }

    private func value(of node: Node, line: Int, _ key: String, _ problems: inout [String]) -> FileValue? {
        switch node {
        case .scalar(let scalar):
            return FileValue(texts: [scalar.string], isList: false, line: line)
        case .mapping(let mapping):
            let map = entry(of: mapping, line: line, key, &problems)
            return FileValue(texts: [], isList: false, line: line, entries: [map])
        case .sequence(let sequence) where sequence.allSatisfy { $0.mapping != nil }:
            return FileValue(texts: [], isList: true, line: line, entries: entries(of: sequence, key, &problems))
        case .sequence(let sequence):
            let texts = sequence.compactMap { $0.scalar?.string }
            return texts.count == sequence.count ? FileValue(texts: texts, isList: true, line: line) : nil
        case .alias: return nil
        }
    }

    private static func reason(_ error: any Error) -> String {
        guard let error = error as? YamlError else { return "\(error)" }
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            return "line \(mark.line), column \(mark.column): \(problem)"
        case .duplicatedKeysInMapping(let duplicates, _):
            return "keys are there twice: \(duplicates.joined(separator: ", "))"
        default: return "\(error)"
        }
    }
}
