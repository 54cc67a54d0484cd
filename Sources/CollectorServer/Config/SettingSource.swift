// SettingSource.swift - finds settings in flags, environment and file, and notes what is wrong with them.

import Foundation

/// Finds settings in flags, environment and file, in this order, and notes what is wrong with them.
struct SettingSource {
    /// How a setting is called.
    struct Name {
        var key: String
        var flag: String?
        var variable: String
    }

    let environment: [String: String]
    let file: ConfigFile?
    /// What a variable with YAML says, which goes before the file.
    private var below: ConfigFile?
    private(set) var problems: [String] = []
    private(set) var settings: [Setting] = []

    init(environment: [String: String], file: ConfigFile?) {
        self.environment = environment
        self.file = file
    }

    /// The keys of the file, or of the YAML in a variable, that lie below one, in order.
    mutating func keys(below key: String, variable: String) -> [String] {
        let isBelow = { (name: String) in name.hasPrefix(key + ".") }
        guard let text = environment[variable], !text.isEmpty else {
            return file?.values.keys.filter(isBelow).sorted() ?? []
        }
        do throws(ConfigError) {
            below = try ConfigFile(path: variable, text: text, of: key)
        } catch {
            problems += error.problems
        }
        return below?.values.keys.filter(isBelow).sorted() ?? []
    }

    /// Refuses a key that a variable with YAML has and no setting.
    mutating func refuse(_ key: String, variable: String) {
        guard below != nil else { return }
        problems.append("\(variable): unknown key \(key)")
    }

    private struct Found {
        var texts: [String]
        var origin: Setting.Origin
        /// By which name the user knows it.
        var label: String
    }

    private func found(_ name: Name, flag: [String]) -> Found? {
        if !flag.isEmpty { return Found(texts: flag, origin: .flag, label: name.flag ?? name.key) }
        if let value = below?.values[name.key] {
            return Found(texts: value.texts, origin: .environment, label: "\(name.variable): \(name.key)")
        }
        if let value = environment[name.variable], !value.isEmpty {
            return Found(texts: [value], origin: .environment, label: name.variable)
        }
        guard let file, let value = file.values[name.key] else { return nil }
        return Found(texts: value.texts, origin: .file, label: "\(file.path):\(value.line): \(name.key)")
    }

    /// Reads a setting of one value into `target`, which keeps its default where nothing, or nothing right, is said.
    mutating func read<Value>(
        _ name: Name,
        flag: String? = nil,
        into target: inout Value,
        expected: String,
        render: (Value) -> String = { "\($0)" },
        _ parse: (String) -> Value?
    ) {
        var origin = Setting.Origin.builtIn
        if let found = found(name, flag: flag.map { [$0] } ?? []) {
            origin = found.origin
            if found.texts.count == 1, let value = parse(found.texts[0]) {
                target = value
            } else {
                let shown = found.texts.joined(separator: ", ")
                problems.append("\(found.label) is \"\(shown)\": expected \(expected)")
            }
        }
        note(name, render(target), origin)
    }

    /// Reads a setting of several values; in the environment they are separated by commas.
    mutating func readList(_ name: Name, flags: [String], into target: inout [String]) {
        var origin = Setting.Origin.builtIn
        if let found = found(name, flag: flags) {
            origin = found.origin
            let texts =
                found.origin == .environment ? found.texts[0].split(separator: ",").map(String.init) : found.texts
            target = texts.map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
        }
        note(name, "[" + target.map { "\"\($0)\"" }.joined(separator: ", ") + "]", origin)
    }

    /// Reads a list of maps; in the environment it is the same YAML.
    mutating func readMaps<Entry>(
        _ name: Name,
        into target: inout [Entry],
        render: (Entry) -> String,
        _ read: (FileValue, _ key: String, _ path: String) throws(ConfigError) -> [Entry]
    ) {
        var origin = Setting.Origin.builtIn
        do throws(ConfigError) {
            var named = file
            if let text = environment[name.variable], !text.isEmpty {
                named = try ConfigFile(path: name.variable, text: text, of: name.key)
                origin = .environment
            } else if file?.values[name.key] != nil {
                origin = .file
            }
            if let named, let value = named.values[name.key] {
                target = try read(value, name.key, named.path)
            }
        } catch {
            problems += error.problems
        }
        note(name, "[" + target.map(render).joined(separator: ", ") + "]", origin)
    }

    private mutating func note(_ name: Name, _ value: String, _ origin: Setting.Origin) {
        let setting = Setting(key: name.key, flag: name.flag, variable: name.variable, value: value, origin: origin)
        settings.append(setting)
    }

    /// Keys of the file that no setting has.
    var unknownKeys: [String] {
        guard let file else { return [] }
        let known = settings.map(\.key)
        return file.values.filter { !known.contains($0.key) }.sorted { $0.value.line < $1.value.line }.map {
            key,
            value in
            "\(file.path):\(value.line): unknown key \(key); there are \(known.joined(separator: ", "))"
        }
    }
}
