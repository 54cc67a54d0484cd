// CallCheck.swift - decides of calls whose rows do not tell whether they match.

import GRDB
import TraceModel
import TraceStore

/// Decides of calls, and tells when looking at them has taken too long.
struct CallCheck {
    private let db: Database
    private let clock: ScanClock
    private var checker: SpanChecker?
    private let texts: TextFilter?
    private var seen = 0

    init(_ query: CallQuery, _ loader: TraceLoader, _ db: Database) throws {
        self.db = db
        clock = ScanClock(patience: query.patience)
        checker = try SpanChecker(query.spans, loader, db)
        texts = try query.text.map { try TextFilter($0, db) }
    }

    /// Whether the time is over; looks at the clock now and then.
    mutating func isTimeOver() -> Bool {
        seen += 1
        return (seen % 512 == 0 || checker != nil) && clock.isOver
    }

    /// Whether the span and the words of a call are what is asked for.
    ///
    /// - Parameters:
    ///   - call: Its key.
    ///   - span: Its span; asked for where it matters.
    /// - Returns: True when nothing of that is asked for.
    /// - Throws: What SQLite says.
    mutating func passes(_ call: Int64, span: () -> SpanID) throws -> Bool {
        if let texts, try !texts.contains(call: call, db) { return false }
        guard checker != nil else { return true }
        return try checker?.passes(span: span(), of: call >> 24) ?? true
    }
}
