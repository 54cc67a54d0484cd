// TextKey.swift - the row ids of the text index.

/// Where the texts of spans are found: the one place that knows.
///
/// A document is a call, under its `call_id`; or everything else that one part holds. The keys of the latter count down
/// from the last key of the trace by the number of the part, those of calls up from the first, so that they never meet.
enum TextKey {
    /// Traces whose texts are in one table, as a power of two.
    static let tableBits: Int64 = 17

    /// The number of the table for a trace.
    static func table(ofTrace number: Int64) -> Int64 { number >> tableBits }

    /// The number of the table that has a document.
    static func table(of key: Int64) -> Int64 { key >> (24 + tableBits) }

    /// The document for what a part holds that is no call.
    static func rest(of part: Int64) -> Int64 {
        (part >> 24) << 24 | (PartKey.limit - 1 - Int64(PartKey.number(part)))
    }

    /// The trace of a document.
    static func trace(of key: Int64) -> Int64 { key >> 24 }
}
