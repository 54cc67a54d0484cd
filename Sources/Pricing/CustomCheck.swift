// CustomCheck.swift - whether the user's prices can be used.

/// An entry of the user after everything in it was understood.
struct CheckedPrice {
    /// What one price history is for.
    struct Key: Hashable {
        /// In lower case; nil for every provider.
        let provider: String?
        /// In lower case, perhaps with stars.
        let model: String
    }

    let key: Key
    let sameAs: String?
    let from: CalendarDay?
    let window: DayWindow?
    let rates: RateDraft
    let variants: [(PriceVariant, RateDraft)]
}

/// Reads an entry of the user and gathers what is wrong with it.
struct CustomCheck {
    private let place: String
    private(set) var problems: [PriceProblem] = []

    init(place: String) {
        self.place = place
    }

    /// Reads an entry; what is wrong in it is left out and kept as a problem.
    mutating func read(_ entry: CustomPrice) -> CheckedPrice {
        let provider = entry.provider.map { ModelName.normalized($0).text }
        let model = ModelName.normalized(entry.model).text
        if let provider, provider.isEmpty { report("provider", "empty") }
        if model.isEmpty { report("model", "missing") }
        if model.utf8.count > ModelName.longest { report("model", "more than \(ModelName.longest) bytes") }
        if entry.sameAs?.isEmpty ?? false { report("same_as", "empty") }
        let hasPrices = !entry.prices.isEmpty || !entry.tiers.isEmpty || !entry.variants.isEmpty
        if entry.sameAs == nil, entry.prices.isEmpty {
            report("", "needs a price, such as input, or same_as")
        } else if entry.sameAs != nil, hasPrices || entry.from != nil || !entry.utc.isEmpty {
            report("same_as", "stands alone, without prices, from and utc")
        }
        let tiers = entry.tiers.enumerated().map { number, tier in
            if tier.above < 0 { report("tiers[\(number)].above", "no count of tokens") }
            return (above: tier.above, prices: read(tier.prices, "tiers[\(number)]."))
        }
        var variants: [(PriceVariant, RateDraft)] = []
        for (name, prices) in entry.variants.sorted(by: { $0.key < $1.key }) {
            guard let variant = PriceVariant(name: name) else {
                report("variants.\(name)", "there are \(PriceVariant.allCases.map(\.name).joined(separator: ", "))")
                continue
            }
            variants.append((variant, RateDraft(prices: read(prices, "variants.\(name)."))))
        }
        return CheckedPrice(
            key: CheckedPrice.Key(provider: provider, model: model),
            sameAs: entry.sameAs,
            from: day(entry.from),
            window: window(entry.utc),
            rates: RateDraft(prices: read(entry.prices, ""), tiers: tiers),
            variants: variants
        )
    }

    private mutating func read(_ prices: [String: String], _ part: String) -> [(kind: PriceKind, price: Int64)] {
        var result: [(kind: PriceKind, price: Int64)] = []
        for (name, text) in prices.sorted(by: { $0.key < $1.key }) {
            guard let kind = PriceKind(name: name) else {
                report(part + name, "there is no price of this kind")
                continue
            }
            do {
                let bytes = Array(text.utf8)
                result.append((kind, try Self.price(kind, bytes, "\(place).\(part)\(name)")))
            } catch {
                problems += error.problems
            }
        }
        return result
    }

    private static func price(_ kind: PriceKind, _ text: [UInt8], _ place: String) throws(PriceError) -> Int64 {
        let result: Result<Int64, PriceError> = text.withUnsafeBufferPointer { text in
            do throws(PriceError) {
                return .success(try kind.price(of: text, at: place))
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }

    private mutating func day(_ text: String?) -> CalendarDay? {
        guard let text else { return nil }
        let day = CalendarDay(text)
        if day == nil { report("from", "no day, such as 2026-01-31") }
        return day
    }

    private mutating func window(_ times: [String]) -> DayWindow? {
        guard !times.isEmpty else { return nil }
        let window = times.count == 2 ? DayWindow(times[0], times[1]) : nil
        if window == nil { report("utc", "no two different times of day, such as [\"22:00\", \"06:30\"]") }
        return window
    }

    private mutating func report(_ part: String, _ reason: String) {
        problems.append(PriceProblem(place: part.isEmpty ? place : "\(place).\(part)", reason: reason))
    }
}
