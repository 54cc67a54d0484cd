// OwnerWalk.swift - sessions or users in the order of their newest traces.

import GRDB
import TraceModel
import TraceStore

/// Walks over matching traces from the newest on, and tells of each session or user that it meets for the first time.
struct OwnerWalk {
    private let lookup: OwnerLookup
    private let clock: ScanClock
    private let end: ContinuousClock.Instant
    private let conditions: TraceConditions
    /// Those that were met, in that order.
    private var met: [OwnerKey] = []
    private var known: Set<OwnerKey> = []
    /// The trace that was walked over last, or where to go on after it; nil at the beginning.
    private(set) var position: TracePosition?
    /// Whether there are no more traces.
    private(set) var isEnd = false
    /// Whether the walk has to end before it is at the end.
    private(set) var isTimeOver = false

    /// So many traces are looked for at once.
    private static let mostTraces = 1000
    /// The traces of so many that were met are passed over while traces are looked for.
    private static let mostExcluded = 500

    init(_ lookup: OwnerLookup, after position: TracePosition?, newest: Int64) {
        self.lookup = lookup
        self.position = position
        let patience = lookup.query.traces.patience
        clock = ScanClock(patience: patience)
        end = .now + patience
        var conditions = lookup.conditions
        conditions.terms.add("\(lookup.column) IS NOT NULL")
        conditions.terms.add("trace_no <= ?", newest)
        self.conditions = conditions
    }

    /// Those that are met next.
    ///
    /// - Parameter count: So many are wanted; fewer when the traces or the time end before.
    /// - Returns: In the order of their newest traces after the beginning of the walk.
    /// - Throws: What SQLite says.
    mutating func next(atLeast count: Int) throws -> [FoundOwner] {
        var found: [FoundOwner] = []
        while found.count < count, !isEnd, !isTimeOver {
            for key in try traces(max(20, min(Self.mostTraces, count * 4))) {
                let owner = try lookup.owner(of: key.number)
                guard let owner, known.insert(owner).inserted else { continue }
                met.append(owner)
                found.append(FoundOwner(key: owner, trace: key))
            }
            if clock.isOver, !isEnd { isTimeOver = true }
        }
        return found
    }

    /// The next traces.
    private mutating func traces(_ count: Int) throws -> [TraceKey] {
        var query = lookup.query.traces
        query.sort = .startTime
        query.ascending = false
        query.numbers = nil
        query.isCounted = false
        query.limit = count
        query.after = position
        query.patience = max(.zero, end - .now)
        var conditions = conditions
        if !met.isEmpty, met.count <= Self.mostExcluded {
            let pairs = met.map { "(\($0.project),\($0.hash))" }.joined(separator: ",")
            conditions.terms.add("(project_id, \(lookup.column)) NOT IN (VALUES \(pairs))")
        }
        var scan = try TraceScan(query, conditions, lookup.loader, lookup.db)
        let found = try TraceListing(query: query, loader: lookup.loader).keys(&scan, lookup.db)
        let keys = Array(found.keys.prefix(count))
        if found.keys.count > count {
            position = keys.last?.position
        } else if let rest = found.rest {
            // Zones may end before the place where this began.
            if let last = keys.last?.position ?? position {
                position = rest.precedes(last) ? last : rest.position
            } else {
                position = rest.position
            }
            isTimeOver = true
        } else {
            isEnd = true
        }
        return keys
    }
}

extension TraceKey {
    fileprivate func precedes(_ position: TracePosition) -> Bool {
        precedes(TraceKey(value: position.value, number: position.number), isAscending: false)
    }
}
