// PriceTable+Cost.swift - what a call costs.

import TraceModel

extension PriceTable {
    /// Computes the cost of a call, in exact integers; nothing is ever rounded.
    ///
    /// - Parameters:
    ///   - usage: what the call used.
    ///   - match: the price, found by this table.
    /// - Returns: the cost; nil when the usage is unknown, or when nothing of what was used has a price.
    public func cost(of usage: PricedUsage, by match: PriceMatch) -> ComputedCost? {
        guard let target = match.target else { return free(match) }
        return cost(of: usage, by: target, isListed: false)?.cost
    }

    /// Computes the cost of a call and lists its parts, whose sum it is.
    ///
    /// - Parameters:
    ///   - usage: what the call used.
    ///   - match: the price, found by this table.
    /// - Returns: the cost and its parts, of which none is without a count; nil when there is no cost.
    public func breakdown(of usage: PricedUsage, by match: PriceMatch) -> (cost: ComputedCost, parts: [CostPart])? {
        guard let target = match.target else { return (free(match), []) }
        return cost(of: usage, by: target, isListed: true)
    }

    /// Computes a cost, with its parts if they are to be listed.
    @inline(__always)
    func cost(
        of usage: PricedUsage,
        by target: PriceTarget,
        isListed: Bool
    ) -> (cost: ComputedCost, parts: [CostPart])? {
        guard usage.isKnown else { return nil }
        let place = place(of: target, at: usage.time)
        let variant = usage.variant ?? target.impliedVariant
        let laid = variant.flatMap { variantRow($0, at: place) }
        let step = step(laid?.steps ?? prices.rows[place.row].steps, input: usage.input ?? 0)
        return prices.amounts.withUnsafeBufferPointer { amounts in
            guard let base = amounts.baseAddress else { return nil }
            var sum = CostSum(CallRates(step.rates, in: base), isListed: isListed)
            sum.charge(usage)
            if sum.flags.contains(.unpricedPart), !sum.isCharged { return nil }
            let cost = ComputedCost(
                amount: sum.amount,
                identity: identity(place, step, laid?.variant),
                isEstimated: target.isEstimated,
                flags: variant != nil && laid == nil ? sum.flags.union(.unpricedVariant) : sum.flags
            )
            return (cost, sum.parts ?? [])
        }
    }

    /// A model and one of its rows.
    struct RowPlace {
        let card: Int
        /// Among all rows.
        let row: Int
    }

    /// The row that holds at a time, of the target or of what holds beside it; the target's first when none does.
    @inline(__always)
    func place(of target: PriceTarget, at time: Int64) -> RowPlace {
        let (day, minute) = CalendarDay.split(time)
        if let row = row(of: target.card, day, minute) { return RowPlace(card: target.card, row: row) }
        guard let other = target.other else {
            return RowPlace(card: target.card, row: Int(cards[target.card].rows.lowerBound))
        }
        return RowPlace(card: other, row: row(of: other, day, minute) ?? Int(cards[other].rows.lowerBound))
    }

    /// The last row of the model that has begun by the day and holds at the minute.
    @inline(__always)
    private func row(of card: Int, _ day: CalendarDay, _ minute: Int) -> Int? {
        let rows = cards[card].rows
        var place = Int(rows.upperBound)
        while place > Int(rows.lowerBound) {
            place -= 1
            let row = prices.rows[place]
            if let from = row.from, day < from { continue }
            if let window = row.window, !window.contains(minute) { continue }
            return place
        }
        return nil
    }

    @inline(__always)
    private func variantRow(_ variant: PriceVariant, at place: RowPlace) -> VariantRow? {
        let number = place.row - Int(cards[place.card].rows.lowerBound)
        for place in cards[place.card].variants {
            let laid = prices.variants[Int(place)]
            if laid.variant == variant, Int(laid.row) == number { return laid }
        }
        return nil
    }

    /// The last step that the input has passed; the first is for every input.
    @inline(__always)
    private func step(_ steps: Range<Int32>, input: Int64) -> PriceStep {
        var place = Int(steps.upperBound) - 1
        while place > Int(steps.lowerBound), prices.steps[place].above >= input { place -= 1 }
        return prices.steps[place]
    }

    @inline(__always)
    private func identity(_ place: RowPlace, _ step: PriceStep, _ variant: PriceVariant?) -> PriceIdentity {
        let card = cards[place.card]
        return PriceIdentity(
            basis: card.isCustom ? .custom : .listed,
            provider: card.provider,
            model: card.id,
            row: place.row - Int(card.rows.lowerBound),
            tierAbove: step.above < 0 ? nil : step.above,
            variant: variant,
            asOf: asOf
        )
    }

    /// What a call costs that nobody charges for.
    func free(_ match: PriceMatch) -> ComputedCost {
        ComputedCost(
            amount: PicoUSD(0),
            identity: PriceIdentity(
                basis: .free,
                provider: match.provider,
                model: match.model,
                row: nil,
                tierAbove: nil,
                variant: nil,
                asOf: asOf
            ),
            isEstimated: false,
            flags: []
        )
    }
}
