// PriceEntry.swift - the table as a person reads it.

/// A price as the price file has it.
public struct ListedPrice: Sendable, Equatable {
    /// What is charged.
    public let kind: PriceKind
    /// USD for a million tokens, or for one of the others, as a decimal.
    public let text: String
}

/// All prices that hold for input above a number of tokens.
public struct ListedStep: Sendable, Equatable {
    /// The number of input tokens that has to be passed; nil for the base prices.
    public let above: Int64?
    /// The price of each kind that has one.
    public let prices: [ListedPrice]
}

/// A model with the prices that hold at one time.
public struct PriceEntry: Sendable, Equatable {
    /// The provider; empty for a price of the user that is for every provider.
    public let provider: String
    /// The model.
    public let model: String
    /// Whether the user added it.
    public let isCustom: Bool
    /// The most input tokens that the model takes, when known.
    public let context: Int64?
    /// The number of the price row, from 0, of how many.
    public let row: Int
    /// How many price rows the model has.
    public let rowCount: Int
    /// The first day of the row, as `YYYY-MM-DD`; nil for always.
    public let from: String?
    /// The part of the day, in UTC, as two times; empty for all of it.
    public let utc: [String]
    /// The prices, by rising input.
    public let steps: [ListedStep]
    /// The prices with each variant.
    public let variants: [Variant]

    /// The prices with a variant.
    public struct Variant: Sendable, Equatable {
        /// The variant.
        public let variant: PriceVariant
        /// The prices, by rising input.
        public let steps: [ListedStep]
    }
}

/// How the price for a call was looked for, and what was found.
public struct PriceExplanation: Sendable, Equatable {
    /// What was tried, in order.
    public let attempts: [PriceAttempt]
    /// What was found; nil when the model has no price.
    public let match: PriceMatch?
    /// The prices that hold; nil also when the call is free.
    public let entry: PriceEntry?
}

extension PriceTable {
    /// Every model with the prices that hold at a time: the user's first, then the file's in its order.
    ///
    /// - Parameter time: nanoseconds since the Unix epoch.
    /// - Returns: one entry for each model; `same_as` entries of the user are none.
    public func entries(at time: Int64) -> [PriceEntry] {
        let custom = customRules.compactMap { rule -> Int? in
            if case .card(let card) = rule.meaning { card } else { nil }
        }
        let listed = cards.indices.filter { !cards[$0].isCustom }
        return (custom + listed).map { entry(place(of: PriceTarget(card: $0), at: time)) }
    }

    /// Looks for the price of a call and says how.
    ///
    /// - Parameters:
    ///   - query: what a span says.
    ///   - time: when the call started, in nanoseconds since the Unix epoch.
    /// - Returns: what was tried and found.
    public func explain(_ query: PriceQuery, at time: Int64) -> PriceExplanation {
        var attempts: [PriceAttempt] = []
        for model in Self.models(of: query) {
            var search = PriceSearch(self, model: model, query: query, isExplained: true)
            let match = search.run()
            attempts += search.attempts ?? []
            guard let match else { continue }
            let prices = match.target.map { entry(place(of: $0, at: time)) }
            return PriceExplanation(attempts: attempts, match: match, entry: prices)
        }
        return PriceExplanation(attempts: attempts, match: nil, entry: nil)
    }

    private func entry(_ place: RowPlace) -> PriceEntry {
        let card = cards[place.card]
        let row = prices.rows[place.row]
        let number = place.row - Int(card.rows.lowerBound)
        let variants = card.variants.map { prices.variants[Int($0)] }.filter { Int($0.row) == number }
        return PriceEntry(
            provider: card.provider,
            model: card.id,
            isCustom: card.isCustom,
            context: card.context,
            row: number,
            rowCount: card.rows.count,
            from: row.from?.text,
            utc: row.window?.texts ?? [],
            steps: listed(row.steps),
            variants: variants.map { PriceEntry.Variant(variant: $0.variant, steps: listed($0.steps)) }
        )
    }

    private func listed(_ steps: Range<Int32>) -> [ListedStep] {
        steps.map { number in
            let step = prices.steps[Int(number)]
            let listed = prices.prices(of: step).map { ListedPrice(kind: $0.kind, text: $0.kind.priceText($0.price)) }
            return ListedStep(above: step.above < 0 ? nil : step.above, prices: listed)
        }
    }
}
