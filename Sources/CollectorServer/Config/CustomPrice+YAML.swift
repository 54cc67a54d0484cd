// CustomPrice+YAML.swift - the user's prices, as they stand in the configuration.

import Pricing

extension CustomPrice {
    /// Everything that is no price.
    private static let names = ["provider", "model", "same_as", "from", "utc", "tiers", "variants"]

    /// Reads the prices of a list, and checks them against the table that they are added to.
    ///
    /// - Throws: `ConfigError` with every problem at once, each with its line.
    static func prices(_ value: FileValue, key: String, in path: String) throws(ConfigError) -> [CustomPrice] {
        let prices = try value.read(key: key, in: path, price)
        do throws(PriceError) {
            _ = try PriceTable.embedded().adding(prices)
        } catch {
            throw ConfigError(
                problems: error.problems.map { problem in
                    let line = number(in: problem.place).map { value.entries[$0].line } ?? value.line
                    return "\(path):\(line): \(problem.place): \(problem.reason)"
                }
            )
        }
        return prices
    }

    /// The number of the entry that a place such as `prices[2].from` names.
    private static func number(in place: String) -> Int? {
        guard place.hasPrefix("prices["), let end = place.firstIndex(of: "]") else { return nil }
        return Int(place[place.index(place.startIndex, offsetBy: 7)..<end])
    }

    private static func price(_ entry: FileEntry) throws(EntryFault) -> CustomPrice {
        let kinds = PriceKind.allCases.map(\.name)
        try entry.checkKeys(names + kinds)
        guard let model = try entry.text("model") else {
            throw EntryFault(line: entry.line, message: "an entry needs model")
        }
        var price = CustomPrice(provider: try entry.text("provider"), model: model)
        price.sameAs = try entry.text("same_as")
        price.from = try entry.text("from")
        if let window = entry.fields["utc"] {
            guard window.isList, window.entries.isEmpty else {
                throw EntryFault(line: window.line, message: "utc has to be a list of two times")
            }
            price.utc = window.texts
        }
        for kind in kinds { price.prices[kind] = try entry.text(kind) }
        if let tiers = entry.fields["tiers"] {
            guard tiers.isList, tiers.texts.isEmpty else {
                throw EntryFault(line: tiers.line, message: "tiers has to be a list of maps")
            }
            for tier in tiers.entries { price.tiers.append(try Self.tier(tier)) }
        }
        if let variants = entry.fields["variants"] {
            guard let map = variants.map else {
                throw EntryFault(line: variants.line, message: "variants has to be a map")
            }
            for (name, _) in map.ordered { price.variants[name] = try map.texts(name) }
        }
        return price
    }

    private static func tier(_ entry: FileEntry) throws(EntryFault) -> Tier {
        var prices = try entry.allTexts()
        guard let text = prices.removeValue(forKey: "above"), let above = Int64(text) else {
            throw EntryFault(line: entry.line, message: "a tier needs above, a number of tokens")
        }
        return Tier(above: above, prices: prices)
    }

    /// The entry as a map of YAML on one line.
    var yaml: String {
        func map(_ prices: [String: String]) -> [String] {
            prices.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }
        }
        var parts: [String] = []
        if let provider { parts.append("provider: \(provider.yamlQuoted)") }
        parts.append("model: \(model.yamlQuoted)")
        if let sameAs { parts.append("same_as: \(sameAs.yamlQuoted)") }
        if let from { parts.append("from: \(from.yamlQuoted)") }
        if !utc.isEmpty { parts.append("utc: [\(utc.map(\.yamlQuoted).joined(separator: ", "))]") }
        parts += map(prices)
        if !tiers.isEmpty {
            let all = tiers.map { "{" + (["above: \($0.above)"] + map($0.prices)).joined(separator: ", ") + "}" }
            parts.append("tiers: [\(all.joined(separator: ", "))]")
        }
        if !variants.isEmpty {
            let all = variants.sorted { $0.key < $1.key }.map {
                "\($0.key): {\(map($0.value).joined(separator: ", "))}"
            }
            parts.append("variants: {\(all.joined(separator: ", "))}")
        }
        return "{" + parts.joined(separator: ", ") + "}"
    }
}
