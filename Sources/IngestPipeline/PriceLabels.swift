// PriceLabels.swift - which price a cost was computed with, in words that are stored.

import OTLPCodec
import Pricing

/// The words for prices; those used last are kept, since most calls have one of a few.
struct PriceLabels {
    private var kept: [(identity: PriceIdentity, isEstimated: Bool, label: String)] = []
    private static let most = 32

    /// The price of a cost as one JSON object.
    mutating func label(of cost: ComputedCost) -> String {
        for entry in kept where entry.isEstimated == cost.isEstimated && entry.identity == cost.identity {
            return entry.label
        }
        if kept.count == Self.most { kept.removeAll(keepingCapacity: true) }
        let label = Self.json(cost)
        kept.append((cost.identity, cost.isEstimated, label))
        return label
    }

    private static func json(_ cost: ComputedCost) -> String {
        let identity = cost.identity
        var json: [UInt8] = []
        json.append(raw: "{\"basis\":")
        json.appendJSON(identity.basis.rawValue)
        json.append(raw: ",\"provider\":")
        json.appendJSON(identity.provider)
        json.append(raw: ",\"model\":")
        json.appendJSON(identity.model)
        json.append(raw: ",\"row\":")
        if let row = identity.row { json.appendJSON(row) } else { json.append(raw: "null") }
        json.append(raw: ",\"above\":")
        json.appendJSON(identity.tierAbove)
        json.append(raw: ",\"variant\":")
        json.appendJSON(identity.variant?.name)
        json.append(raw: ",\"estimated\":")
        json.appendJSON(cost.isEstimated)
        json.append(raw: ",\"as_of\":")
        json.appendJSON(identity.asOf)
        json.append(raw: "}")
        return String(decoding: json, as: UTF8.self)
    }
}
