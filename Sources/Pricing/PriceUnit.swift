// PriceUnit.swift - prices as integers.

extension PriceKind {
    /// How many decimals a price may have: six for a million tokens, twelve for one of the others.
    ///
    /// With these a price for one token, and for one of the others, is a whole number of 10^-12 USD.
    var decimals: Int { isPerToken ? 6 : 12 }

    /// The highest price, in 10^-12 USD: sums over all kinds of a call then fit 128 bits, whatever its counts.
    var highest: Int64 { isPerToken ? 1_000_000_000_000_000 : 1_000_000_000_000_000_000 }

    /// Reads a price of this kind, in 10^-12 USD for one token or one of the others.
    func price(
        of text: UnsafeBufferPointer<UInt8>,
        at place: @autoclosure () -> String
    ) throws(PriceError) -> Int64 {
        do throws(ExactDecimal.Fault) {
            return try ExactDecimal.read(text, places: decimals, limit: highest)
        } catch {
            throw PriceError(place(), reason(error))
        }
    }

    private func reason(_ fault: ExactDecimal.Fault) -> String {
        switch fault {
        case .negative: "a price is not negative"
        case .tooFine: "more than \(decimals) decimals; prices are exact, in steps of 10^-\(decimals) USD"
        case .tooLarge: "more than \(priceText(highest)) USD"
        case .notDecimal: "no decimal number, such as 0.25"
        }
    }

    /// A price as the file has it: USD for a million tokens, or for one of the others.
    func priceText(_ price: Int64) -> String {
        ExactDecimal.text(price, places: decimals)
    }
}
