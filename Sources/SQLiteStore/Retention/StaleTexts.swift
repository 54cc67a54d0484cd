// StaleTexts.swift - words of what is gone leave the text index.

import TraceModel
import TraceStore

/// Ranges of traces whose text tables may still have words of deleted traces or of content that has expired.
///
/// The documents of the index have no content, so that SQLite could not take single ones out. A range that something went
/// from is made again as a whole, at most once in `interval`: its table is retired, its parts wait to be looked through.
/// `meta` remembers since when a range is stale, and which one is being made again.
enum StaleTexts {
    /// How long words of what is gone may stay, in seconds, while the writer has idle time.
    static let interval: Int64 = 86_400
    static let prefix = "stale_text_"
    static let openKey = "renewing_text"
    /// Parts that wait again after one transaction.
    static let slice = 2048

    /// The range that has been stale for longest, if it has been so since a time or longer.
    static func first(before time: Int64, _ connection: SQLiteConnection) throws(StoreError) -> Int64? {
        let search = try connection.statement(
            """
            SELECT CAST(substr(key, \(prefix.utf8.count + 1)) AS INTEGER) FROM meta
            WHERE key >= '\(prefix)' AND key < '\(prefix)a' AND value <= ? ORDER BY value LIMIT 1
            """
        )
        defer { search.reset() }
        search.bind(1, time)
        return try search.step() ? search.integer(0) : nil
    }
}

extension BatchWriter {
    /// Remembers that something of a trace is gone, in the open transaction.
    func noteStaleText(of number: Int64) throws(StoreError) {
        let range = TextKey.table(ofTrace: number)
        let note = try connection.statement("INSERT OR IGNORE INTO meta(key, value) VALUES(?, ?)")
        note.bind(1, "\(StaleTexts.prefix)\(range)")
        note.bind(2, rows.now())
        try note.run()
    }

    /// Begins or goes on with a range of the text index that has words of what is gone; one transaction.
    ///
    /// - Returns: Whether there was anything to do.
    /// - Throws: `StoreError`; nothing is changed then.
    func renewTexts() throws(StoreError) -> Bool {
        if let renewal { return try goOn(with: renewal) }
        let stopped = try RemovalMark.read(StaleTexts.openKey, connection)
        let stale =
            stopped == nil ? try StaleTexts.first(before: rows.now() - StaleTexts.interval, connection) : stopped
        guard let range = stale else { return false }
        // What the indexer holds was read before; it knows texts that are not indexed any more.
        backlog.startRound()
        analysis.forgetTable()
        try transaction { () throws(StoreError) in
            try RemovalMark.write(StaleTexts.openKey, range, connection)
            // What goes from now on is noted anew.
            try RemovalMark.write("\(StaleTexts.prefix)\(range)", nil, connection)
            if try TextTables.names(TextTables.listSQL, connection).contains(TextTables.name(range)) {
                try TextTables.retire(range, in: connection)
            }
        }
        try sweeper.refresh(connection)
        renewal = TextRenewal(range: range)
        return true
    }

    private func goOn(with open: TextRenewal) throws(StoreError) -> Bool {
        let step = try pendAgain(after: open.last, before: open.end, limit: StaleTexts.slice)
        if let last = step.last, step.parts == StaleTexts.slice {
            renewal?.last = last
            return true
        }
        try transaction { () throws(StoreError) in try RemovalMark.write(StaleTexts.openKey, nil, connection) }
        renewal = nil
        return true
    }
}

/// A range of the text index that is made again.
struct TextRenewal {
    /// The number of its table.
    let range: Int64
    /// Up to which part its parts wait again.
    var last: Int64

    init(range: Int64) {
        self.range = range
        last = PartKey.first(of: range << TextKey.tableBits) - 1
    }

    /// The first part behind the range.
    var end: Int64 { PartKey.first(of: (range + 1) << TextKey.tableBits) }
}
