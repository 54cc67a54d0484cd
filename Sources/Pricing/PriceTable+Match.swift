// PriceTable+Match.swift - the price for a call.

extension PriceTable {
    /// Finds the price for a call: that of the model which answered, else of the one asked for.
    ///
    /// Takes some microseconds for a known name, up to some hundred for an unknown one; `RecentPrices` remembers.
    ///
    /// - Parameter query: what the span says.
    /// - Returns: the match; nil when the model has no price, which is not the same as a price of 0.
    public func match(_ query: PriceQuery) -> PriceMatch? {
        for model in Self.models(of: query) {
            var search = PriceSearch(self, model: model, query: query)
            if let match = search.run() { return match }
        }
        return nil
    }

    /// The names that are looked for, in their order.
    static func models(of query: PriceQuery) -> [String] {
        let names = [query.responseModel, query.requestModel].compactMap { $0 }.filter { !$0.isEmpty }
        return names.count == 2 && names[0] == names[1] ? [names[0]] : names
    }
}
