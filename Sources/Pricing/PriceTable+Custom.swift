// PriceTable+Custom.swift - the user's prices before those of the table.

extension PriceTable {
    /// The table with entries of the user before everything else; of several for one model the first counts.
    ///
    /// Entries with the same provider and model are one price history, in the order given.
    ///
    /// - Parameter custom: the entries, in the order of the configuration.
    /// - Returns: a new table; entries that were added before stay, after the new ones.
    /// - Throws: `PriceError` with everything that is wrong, each with its place, such as `prices[2].from`.
    public func adding(_ custom: [CustomPrice]) throws(PriceError) -> PriceTable {
        var checked: [CheckedPrice] = []
        var problems: [PriceProblem] = []
        for (number, entry) in custom.enumerated() {
            var check = CustomCheck(place: "prices[\(number)]")
            checked.append(check.read(entry))
            problems += check.problems
        }
        problems += Self.clashes(in: checked)
        guard problems.isEmpty else { throw PriceError(problems: problems) }
        var table = self
        table.insert(checked)
        return table
    }

    /// Entries for one model have to be rows of one history: of each variant, and of each other model, there is one.
    private static func clashes(in entries: [CheckedPrice]) -> [PriceProblem] {
        var problems: [PriceProblem] = []
        var seen: [CheckedPrice.Key: CheckedPrice] = [:]
        for (number, entry) in entries.enumerated() {
            if let first = seen[entry.key], first.sameAs != nil || entry.sameAs != nil {
                let reason = "there is another entry for this provider and model, and one of them says same_as"
                problems.append(PriceProblem(place: "prices[\(number)].model", reason: reason))
            } else if let first = seen[entry.key], !first.variants.isEmpty, !entry.variants.isEmpty {
                let reason = "the variants of a model stand in one of its entries"
                problems.append(PriceProblem(place: "prices[\(number)].variants", reason: reason))
            }
            if seen[entry.key]?.variants.isEmpty ?? true { seen[entry.key] = entry }
        }
        return problems
    }

    private mutating func insert(_ entries: [CheckedPrice]) {
        var order: [CheckedPrice.Key] = []
        var groups: [CheckedPrice.Key: [CheckedPrice]] = [:]
        for entry in entries {
            if groups[entry.key] == nil { order.append(entry.key) }
            groups[entry.key, default: []].append(entry)
        }
        let before = customRules
        customRules = []
        for key in order { insert(groups[key] ?? [], for: key) }
        customRules += before
    }

    private mutating func insert(_ entries: [CheckedPrice], for key: CheckedPrice.Key) {
        let meaning: CustomRule.Meaning
        if let other = entries.first?.sameAs {
            meaning = .sameAs(other)
        } else {
            meaning = .card(cards.count)
            cards.append(card(of: entries, for: key))
        }
        customRules.append(
            CustomRule(
                provider: key.provider.flatMap { provider(named: $0) },
                providerName: key.provider,
                pattern: Array(key.model.utf8),
                meaning: meaning
            )
        )
    }

    private mutating func card(of entries: [CheckedPrice], for key: CheckedPrice.Key) -> ModelCard {
        var draft = ModelDraft()
        for entry in entries {
            draft.rows.append(ModelDraft.Row(from: entry.from, window: entry.window, rates: entry.rates))
            draft.variants += entry.variants
        }
        let (rows, variants) = prices.append(draft)
        let known = key.provider.flatMap { provider(named: $0) }
        return ModelCard(
            provider: known.map { providers[$0].id } ?? key.provider ?? "",
            id: key.model,
            context: nil,
            rows: rows,
            variants: variants,
            isCustom: true
        )
    }
}
