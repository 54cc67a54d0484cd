// AssembledTrace+Prices.swift - computed costs that come from elsewhere than the spans.

public import TraceModel

/// What one call costs by some price table.
public struct CallPrice: Sendable, Equatable {
    /// The number of the call within its trace.
    public var number: UInt32
    /// The cost; nil when the table has no price for it.
    public var computed: PicoUSD?
    /// The price that it was computed with, as one JSON object.
    public var price: String?

    /// Makes a cost of a call.
    public init(number: UInt32, computed: PicoUSD?, price: String?) {
        self.number = number
        self.computed = computed
        self.price = price
    }
}

extension AssembledTrace {
    /// What each call costs by its own span, whatever its repetitions add.
    ///
    /// Call `settle()` before.
    public var callPrices: [CallPrice] {
        calls.indices.filter { calls[$0].flags.contains(.present) }.map { index in
            let fields = calls[index].fields
            return CallPrice(
                number: UInt32(index),
                computed: fields.computed.value.map(PicoUSD.init),
                price: symbols[fields.price]
            )
        }
    }

    /// Puts other costs in the place of those that the spans came with.
    ///
    /// A call without a cost of its own keeps what it takes from a repetition. Call `settle()` before; it need not be
    /// called after.
    ///
    /// - Parameter prices: What calls cost; numbers that are not there are passed over.
    /// - Returns: Whether anything changed.
    public mutating func replacePrices(with prices: [CallPrice]) -> Bool {
        var isChanged = false
        for price in prices {
            let index = Int(price.number)
            guard calls.indices.contains(index), calls[index].flags.contains(.present) else { continue }
            let computed = Known(price.computed?.value)
            let fields = calls[index].fields
            let effective = effectiveFields(of: calls[index])
            guard effective.computed != computed || symbols[effective.price] != price.price else { continue }
            if calls[index].flags.contains(.merged), !fields.computed.isKnown { continue }
            isChanged = true
            uncount(Int32(index))
            calls[index].fields.computed = computed
            calls[index].fields.price = symbols.symbol(for: price.price, hint: .none)
            noteChange(Int32(index))
            markDirty(Int32(index))
        }
        if isChanged { settle() }
        return isChanged
    }
}
