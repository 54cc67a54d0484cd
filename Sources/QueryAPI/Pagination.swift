// Pagination.swift - the end of every paged answer.

import OTLPCodec

/// What a paged answer says about its page and the next.
struct Pagination: Sendable, Equatable {
    /// The limit in force.
    var limit: Int
    /// The cursor of the next page; nil when there is no more.
    var next: String?
    /// How many there are in all; nil when that was not asked for.
    var total: Int?

    /// Appends `"pagination":{...}`.
    func append(to json: inout [UInt8]) {
        json.append(raw: "\"pagination\":{\"limit\":")
        json.appendJSON(limit)
        json.append(raw: ",\"has_more\":")
        json.appendJSON(next != nil)
        json.append(raw: ",\"next_cursor\":")
        json.appendJSON(next)
        if let total {
            json.append(raw: ",\"total\":")
            json.appendJSON(total)
        }
        json.append(raw: "}")
    }
}
