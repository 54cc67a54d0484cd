// FileEntry+Reading.swift - lists of maps in the configuration, entry by entry.

/// What is wrong with an entry of a list, and where.
struct EntryFault: Error {
    var line: Int
    var message: String
}

extension FileValue {
    /// Reads every map of a list.
    ///
    /// - Throws: `ConfigError` with every problem at once, each with its line.
    func read<Entry>(
        key: String,
        in path: String,
        _ read: (FileEntry) throws(EntryFault) -> Entry
    ) throws(ConfigError) -> [Entry] {
        guard isList, texts.isEmpty else {
            throw ConfigError(problems: ["\(path):\(line): \(key) has to be a list of maps"])
        }
        var problems: [String] = []
        var found: [Entry] = []
        for entry in entries {
            do throws(EntryFault) {
                found.append(try read(entry))
            } catch {
                problems.append("\(path):\(error.line): \(key): \(error.message)")
            }
        }
        guard problems.isEmpty else { throw ConfigError(problems: problems) }
        return found
    }
}

extension FileEntry {
    /// Refuses keys that nobody knows.
    func checkKeys(_ known: [String]) throws(EntryFault) {
        guard let other = ordered.first(where: { !known.contains($0.name) }) else { return }
        throw EntryFault(
            line: other.value.line,
            message: "unknown key \(other.name); there are \(known.joined(separator: ", "))"
        )
    }

    /// The text of a key; nil when it is not there.
    func text(_ key: String) throws(EntryFault) -> String? {
        guard let value = fields[key] else { return nil }
        guard let text = value.text else { throw EntryFault(line: value.line, message: "\(key) has to be a text") }
        return text
    }

    /// The texts of a key by their names, where it is a map of them.
    func texts(_ key: String) throws(EntryFault) -> [String: String] {
        guard let value = fields[key] else { return [:] }
        guard let map = value.map else {
            throw EntryFault(line: value.line, message: "\(key) has to be a map")
        }
        return try map.allTexts()
    }

    /// Every field as text.
    func allTexts() throws(EntryFault) -> [String: String] {
        var found: [String: String] = [:]
        for (name, _) in ordered { found[name] = try text(name) }
        return found
    }
}

extension String {
    /// The text in double quotes, as YAML reads it.
    var yamlQuoted: String {
        var result = "\""
        for scalar in unicodeScalars {
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
