// PriceRows.swift - prices in the table, packed so that a call needs one look-up for each kind.

/// Prices of several kinds: which ones, and where they begin among the table's amounts.
struct RateSet: Sendable {
    /// One bit for each kind that has a price.
    let kinds: UInt32
    /// Where the price of the first kind stands; the others follow in the order of their bits.
    let start: UInt32
}

/// The prices that hold once the input has more than `above` tokens: those of the tier, and the row's for other kinds.
struct PriceStep: Sendable {
    /// The base prices hold above -1.
    let above: Int64
    let rates: RateSet
}

/// The prices of a model from a day on, or within a part of each day.
struct PriceRow: Sendable {
    /// The first day; nil for always.
    let from: CalendarDay?
    /// The part of the day; nil for all of it.
    let window: DayWindow?
    /// The base prices and each tier, by rising input.
    let steps: Range<Int32>
}

/// A variant of a model, laid over one of its rows.
struct VariantRow: Sendable {
    let variant: PriceVariant
    /// The number of the row among those of the model.
    let row: Int32
    let steps: Range<Int32>
}

/// Every amount, row and variant of a table.
struct PriceRows: Sendable {
    private(set) var amounts: [Int64] = []
    private(set) var steps: [PriceStep] = []
    private(set) var rows: [PriceRow] = []
    private(set) var variants: [VariantRow] = []

    /// Packs the prices of one model; gives its rows and variants.
    mutating func append(_ draft: ModelDraft) -> (rows: Range<Int32>, variants: Range<Int32>) {
        let firstRow = Int32(rows.count)
        let firstVariant = Int32(variants.count)
        for (number, row) in draft.rows.enumerated() {
            rows.append(PriceRow(from: row.from, window: row.window, steps: append(row.rates, nil)))
            for (variant, rates) in draft.variants {
                variants.append(
                    VariantRow(variant: variant, row: Int32(number), steps: append(row.rates, rates))
                )
            }
        }
        return (firstRow..<Int32(rows.count), firstVariant..<Int32(variants.count))
    }

    /// The prices of a step, kind by kind.
    func prices(of step: PriceStep) -> [(kind: PriceKind, price: Int64)] {
        let kinds = PriceKind.allCases.filter { step.rates.kinds & $0.bit != 0 }
        return zip(kinds, amounts[Int(step.rates.start)...]).map { ($0, $1) }
    }

    /// Packs a row, with what a variant lays over it, for each number of input tokens at which a price changes.
    private mutating func append(_ row: RateDraft, _ variant: RateDraft?) -> Range<Int32> {
        let first = Int32(steps.count)
        let tiers = row.tiers + (variant?.tiers ?? [])
        for above in Set(tiers.map(\.above)).union([-1]).sorted() {
            let start = UInt32(amounts.count)
            var kinds: UInt32 = 0
            for kind in PriceKind.allCases {
                guard let price = variant?.price(kind, above: above) ?? row.price(kind, above: above) else { continue }
                kinds |= kind.bit
                amounts.append(price)
            }
            steps.append(PriceStep(above: above, rates: RateSet(kinds: kinds, start: start)))
        }
        return first..<Int32(steps.count)
    }
}

/// Prices as they are read, before they are packed.
struct RateDraft {
    /// In 10^-12 USD for one token or one of the others.
    var prices: [(kind: PriceKind, price: Int64)] = []
    var tiers: [(above: Int64, prices: [(kind: PriceKind, price: Int64)])] = []

    /// The price of a kind for input just above a number of tokens: of the highest tier that has one, else the base.
    func price(_ kind: PriceKind, above: Int64) -> Int64? {
        let tier = tiers.filter { tier in tier.above <= above && tier.prices.contains { $0.kind == kind } }
            .max { $0.above < $1.above }
        return (tier?.prices ?? prices).last { $0.kind == kind }?.price
    }
}

/// A model's prices as they are read.
struct ModelDraft {
    /// One row as it is read.
    struct Row {
        var from: CalendarDay?
        var window: DayWindow?
        var rates = RateDraft()
    }

    var rows: [Row] = []
    var variants: [(PriceVariant, RateDraft)] = []
}
