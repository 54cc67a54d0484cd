// Pagination.swift - the end of every paged answer.

import OTLPCodec

/// What a paged answer says about its page and the next.
struct Pagination: Sendable, Equatable {
    /// The limit in force.
    var limit: Int
    /// The cursor of the next page; nil when there is no more.
    var next: String?
    /// How many there are in all; nil when that was not asked for, or is not known.
    var total: Int?
    /// Whether the number of all was asked for.
    var isCounted = false
    /// Whether time ran out before the page was full: the cursor goes on from there.
    var isPartial = false
    /// Parts that are stored and not searched yet; nil where nothing of them was asked for.
    var lag: Int?

    /// Appends `"pagination":{...}`.
    func append(to json: inout [UInt8]) {
        json.append(raw: "\"pagination\":{\"limit\":")
        json.appendJSON(limit)
        json.append(raw: ",\"has_more\":")
        json.appendJSON(next != nil)
        json.append(raw: ",\"next_cursor\":")
        json.appendJSON(next)
        if isCounted || total != nil {
            json.append(raw: ",\"total\":")
            json.appendJSON(total)
        }
        if isPartial { json.append(raw: ",\"partial\":true") }
        if let lag {
            json.append(raw: ",\"search_lag_parts\":")
            json.appendJSON(lag)
        }
        json.append(raw: "}")
    }
}
