// PriceSearch.swift - from names to a price.

/// One search for the price of one model name.
struct PriceSearch {
    private let table: PriceTable
    private let name: ModelName
    private let host: [UInt8]?
    /// The value of the provider attribute, in lower case.
    private let attribute: String?
    /// What was tried, when it is to be explained.
    private(set) var attempts: [PriceAttempt]?

    /// Whose price is looked for: one of the table, or a name that it does not know.
    private struct Choice {
        var number: Int?
        var name: String?
        var reason: ProviderReason
        /// Whether the name is that of a program on one's own machines.
        var isLocal = false
    }

    init(_ table: PriceTable, model: String, query: PriceQuery, isExplained: Bool = false) {
        self.table = table
        name = ModelName(model, aliases: table.aliases)
        host = query.host.map(Self.hostName)
        attribute = query.provider.map { ModelName.normalized($0).text }
        attempts = isExplained ? [] : nil
    }

    /// Finds the price.
    ///
    /// - Parameter isRedirected: whether the name comes from an entry of the user already, which ends there.
    /// - Returns: the match; nil when there is no price.
    mutating func run(isRedirected: Bool = false) -> PriceMatch? {
        guard !name.forms.isEmpty else { return nil }
        let choice = choose()
        if !isRedirected, let (rule, form) = findCustom(choice) {
            return match(rule, form, choice)
        }
        return findListed(choice)
    }

    /// Finds the price without the user's entries.
    private mutating func findListed(_ choice: Choice) -> PriceMatch? {
        if let free = findFree(choice) { return free }
        guard let number = choice.number else { return findAnywhere() }
        if let found = find(at: number, choice.reason) { return found }
        for fallback in table.providers[number].fallback {
            if let found = find(at: fallback, .fallback) { return found }
        }
        var asked = table.providers[number].fallback + [number]
        for maker in makers() where !asked.contains(maker) {
            asked.append(maker)
            if let found = find(at: maker, .maker) { return found }
        }
        return nil
    }

    // MARK: Provider

    private func choose() -> Choice {
        if let attribute {
            if let number = table.provider(named: attribute) {
                return Choice(number: number, name: attribute, reason: .attribute)
            }
            if LocalRuntime.names.contains(attribute) {
                return Choice(name: attribute, reason: .attribute, isLocal: true)
            }
        }
        if let host, let number = table.provider(ofHost: host) {
            return Choice(number: number, name: attribute, reason: .host)
        }
        if let prefix = name.prefixes.first {
            let number = table.provider(named: prefix)
            return Choice(number: number, name: attribute ?? prefix, reason: .prefix, isLocal: number == nil)
        }
        return Choice(number: inferred(), name: attribute, reason: .inferred)
    }

    /// The provider whose rule says most about the first form of the name that any rule holds for.
    ///
    /// So `us.anthropic.` counts more than `claude`, although that stands earlier in the file.
    private func inferred() -> Int? {
        for form in name.forms {
            var best: (provider: Int, weight: Int)?
            form.bytes.withUnsafeBufferPointer { bytes in
                for (number, provider) in table.providers.enumerated() {
                    for rule in provider.infer where table.rules.hold(rule, for: bytes) {
                        let weight = table.rules.weight(of: rule)
                        if weight > best?.weight ?? -1 { best = (number, weight) }
                    }
                }
            }
            if let best { return best.provider }
        }
        return nil
    }

    /// Who made the model, as its name tells.
    private func makers() -> [Int] {
        name.prefixes.compactMap { table.provider(named: $0) } + [inferred()].compactMap { $0 }
    }

    /// A host name in lower case, of what may be a URL or have a port.
    private static func hostName(_ text: String) -> [UInt8] {
        var bytes = ModelName.normalized(String(text.prefix(1024)))[...]
        if let colon = bytes.firstIndex(of: UInt8(ascii: ":")), bytes[colon...].starts(with: "://".utf8) {
            bytes = bytes[(colon + 3)...]
        }
        return Array(bytes.prefix { $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: ":") })
    }

    // MARK: Prices of the user

    /// Looks through the user's entries, with the name as it is and without path and provider, nothing else: who adds
    /// a price says with stars how far it goes.
    private mutating func findCustom(_ choice: Choice) -> (CustomRule, ModelName.Form)? {
        guard !table.customRules.isEmpty else { return nil }
        for form in name.forms where form.step.rawValue <= MatchStep.providerPrefix.rawValue {
            let rule = table.customRules.first {
                $0.isFor(provider: choice.number, name: choice.name) && $0.isFor(model: form.bytes)
            }
            note(form, nil, rule != nil)
            if let rule { return (rule, form) }
        }
        return nil
    }

    private mutating func match(_ rule: CustomRule, _ form: ModelName.Form, _ choice: Choice) -> PriceMatch? {
        switch rule.meaning {
        case .card(let number):
            let card = table.cards[number]
            // Before the first day, and outside of every window, the table holds.
            let isPartial = table.prices.rows[Int(card.rows.lowerBound)..<Int(card.rows.upperBound)].allSatisfy {
                $0.from != nil || $0.window != nil
            }
            return PriceMatch(
                basis: .custom,
                provider: card.provider,
                model: card.id,
                step: form.step,
                reason: .custom,
                target: PriceTarget(card: number, other: isPartial ? findListed(choice)?.target?.card : nil)
            )
        case .sameAs(let other):
            // Where the call went holds for the other model too; what only the name told does not.
            let provider = choice.reason == .inferred ? nil : choice.number.map { table.providers[$0].id }
            let query = PriceQuery(provider: provider ?? attribute)
            var search = PriceSearch(table, model: other, query: query, isExplained: attempts != nil)
            let found = search.run(isRedirected: true)
            if let tried = search.attempts { attempts? += tried }
            return found?.taking(.sameAs)
        }
    }

    // MARK: The table

    private mutating func findFree(_ choice: Choice) -> PriceMatch? {
        let isFreeOffer = name.forms.first?.bytes.suffix(5).elementsEqual(":free".utf8) ?? false
        guard choice.isLocal || isFreeOffer, let form = name.forms.first else { return nil }
        return PriceMatch(
            basis: .free,
            provider: choice.number.map { table.providers[$0].id } ?? choice.name ?? "",
            model: form.bytes.text,
            step: choice.isLocal ? .asIs : .suffix,
            reason: choice.reason,
            target: nil
        )
    }

    private mutating func find(at provider: Int, _ reason: ProviderReason) -> PriceMatch? {
        for form in name.forms {
            let card = form.bytes.withUnsafeBufferPointer { table.firstModel(of: provider, named: $0) }
            note(form, table.providers[provider].id, card != nil)
            if let card { return match(card, form, reason) }
        }
        return nil
    }

    /// Asks every provider for each form of the name, so that less of a name is taken away rather than more.
    private mutating func findAnywhere() -> PriceMatch? {
        for form in name.forms {
            let card = form.bytes.withUnsafeBufferPointer { table.firstModel(named: $0) }
            note(form, nil, card != nil)
            if let card { return match(card, form, .any) }
        }
        return nil
    }

    private func match(_ number: Int, _ form: ModelName.Form, _ reason: ProviderReason) -> PriceMatch {
        let card = table.cards[number]
        // A rule may hold for the name with `-fast` as well, without meaning it.
        let isFast = form.isFast || form.bytes.text.hasSuffix("-fast") && !card.id.contains("fast")
        return PriceMatch(
            basis: .listed,
            provider: card.provider,
            model: card.id,
            step: form.step,
            reason: reason,
            target: PriceTarget(
                card: number,
                isEstimated: form.isBase || reason == .fallback || reason == .maker,
                impliedVariant: isFast ? .fast : nil
            )
        )
    }

    private mutating func note(_ form: ModelName.Form, _ provider: String?, _ isFound: Bool) {
        guard attempts != nil else { return }
        attempts?.append(
            PriceAttempt(step: form.step, name: form.bytes.text, provider: provider, isFound: isFound)
        )
    }
}

extension PriceMatch {
    /// The same match, found by another step.
    fileprivate func taking(_ step: MatchStep) -> PriceMatch {
        PriceMatch(
            basis: basis,
            provider: provider,
            model: model,
            step: step,
            reason: reason,
            target: target
        )
    }
}
