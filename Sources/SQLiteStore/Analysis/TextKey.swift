// TextKey.swift - the row ids of the text index.

/// Where the texts of spans are found: the one place that knows.
///
/// A document is a call, or everything else that one part holds. Row ids lie close together, since the index keeps the
/// distance to the next one for each word: `trace_no << 12`, plus the number of the call, which those from 2,047 on share;
/// or plus 4,095 less the number of the part, modulo 2,048. A row id that is used again has the words of both.
enum TextKey {
    /// Traces whose texts are in one table, as a power of two.
    static let tableBits: Int64 = 17
    private static let bits: Int64 = 12
    /// The first call that has no document of its own, and the document for it and those that follow.
    private static let shared: Int64 = 2047
    private static let restMask: Int64 = 2047

    /// The number of the table for a trace.
    static func table(ofTrace number: Int64) -> Int64 { number >> tableBits }

    /// The number of the table that has a document.
    static func table(of key: Int64) -> Int64 { key >> (bits + tableBits) }

    /// The document of a call.
    static func call(_ id: Int64) -> Int64 {
        (id >> 24) << bits | min(id & (PartKey.limit - 1), shared)
    }

    /// The document for what a part holds that is no call.
    static func rest(of part: Int64) -> Int64 {
        (part >> 24) << bits | ((1 << bits) - 1 - Int64(PartKey.number(part)) & restMask)
    }

    /// The keys of all documents of some traces.
    static func keys(ofTraces numbers: Range<Int64>) -> Range<Int64> {
        numbers.lowerBound << bits..<numbers.upperBound << bits
    }

    /// The trace of a document.
    static func trace(of key: Int64) -> Int64 { key >> bits }

    /// The ids that the calls of a document may have; nil for a document of what is no call.
    static func callIDs(of key: Int64) -> Range<Int64>? {
        let local = key & ((1 << bits) - 1)
        guard local <= shared else { return nil }
        let first = trace(of: key) << 24 | local
        return first..<(local == shared ? PartKey.end(of: trace(of: key)) : first + 1)
    }
}
