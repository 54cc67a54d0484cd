// SQLTerms.swift - conditions as SQL, with their arguments.

import GRDB
import TraceModel

/// Conditions as SQL, with their arguments; all combine with AND.
struct SQLTerms {
    private(set) var terms: [String] = []
    private(set) var arguments = StatementArguments()

    /// The conditions; true when there are none.
    var sql: String { terms.isEmpty ? "1" : terms.joined(separator: " AND ") }

    /// Adds a condition with any arguments.
    mutating func add(_ term: String, _ values: [any DatabaseValueConvertible] = []) {
        terms.append(term)
        arguments += StatementArguments(values)
    }

    /// Adds a condition with one argument; nothing for nil.
    mutating func add(_ term: String, _ value: Int64?) {
        guard let value else { return }
        add(term, [value])
    }

    /// Adds the conditions of others.
    mutating func add(_ others: SQLTerms) {
        terms += others.terms
        arguments += others.arguments
    }
}

/// Which zones a scan has to look at.
struct ZoneConditions {
    /// On the columns of `zones`.
    var terms = SQLTerms()
    /// Of sessions and users: all of them are in the zone's filter.
    var hashes: [Int64] = []
    /// Of sessions and users: at least one of them is in the zone's filter; none for no condition.
    var anyHash: [Int64] = []
}
