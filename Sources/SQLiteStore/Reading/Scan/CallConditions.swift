// CallConditions.swift - the conditions of a list of calls as SQL, for calls and for their zones.

import GRDB
import TraceModel
import TraceStore

/// The conditions of a list of calls, on `calls c`.
struct CallConditions {
    var terms = SQLTerms()
    var zones = ZoneConditions()
    var numbers: FilterNumbers

    /// What calls are sorted by for their tokens; -1 stands for unknown.
    static let tokens = "ifnull(ifnull(c.tokens_input, 0) + c.tokens_output, ifnull(c.tokens_input, -1))"
    /// The roles of provider calls.
    static let roles = SpanRole.allCases.filter(\.isProviderCall).map { "\($0.rawValue)" }.joined(separator: ",")

    /// Makes the conditions; nil when a name is asked for that nothing has, so that nothing can match.
    ///
    /// - Parameters:
    ///   - query: Of a list, or of statistics.
    ///   - areAllRoles: Whether what carries usage and is no call of a provider's model matches too.
    ///   - db: Reads.
    /// - Throws: What SQLite says.
    init?(_ query: CallQuery, areAllRoles: Bool = false, _ db: Database) throws {
        guard let numbers = try FilterNumbers(query.filter, exactModel: query.exactModel, db) else { return nil }
        self.numbers = numbers
        if !query.includesUncounted { terms.add("c.counts = 1") }
        if !areAllRoles { terms.add("c.role IN (\(Self.roles))") }
        if let term = try RemovalMark.hidingCalls(db) { terms.add(term) }
        // Of zones without calls nothing is known.
        zones.terms.add("call_start_max >= 0")
        terms.add("c.project_id = ?", numbers.project)
        zones.terms.add("projects & ? != 0", numbers.project.map(Self.bit))
        addBounds(query.filter)
        addSets(query)
        try addSource(query, db)
        addWarning(query.warning)
    }

    private mutating func addBounds(_ filter: RecordFilter) {
        terms.add("c.created_ns >= ?", filter.startsFrom)
        terms.add("c.created_ns < ?", filter.startsBefore)
        zones.terms.add("call_start_max >= ?", filter.startsFrom)
        zones.terms.add("call_start_min < ?", filter.startsBefore)
        for (column, name, least, greatest) in [
            ("c.duration_ns", "duration", filter.minDuration, filter.maxDuration),
            ("c.cost", "cost", filter.minCost?.value, filter.maxCost?.value),
            (Self.tokens, "tokens", filter.minTokens, filter.maxTokens),
        ] {
            terms.add("\(column) >= ?", least)
            terms.add("\(column) <= ?", greatest)
            zones.terms.add("call_\(name)_max >= ?", least)
            zones.terms.add("call_\(name)_min <= ?", greatest)
        }
        // Unknown never matches.
        if filter.maxTokens != nil { terms.add("\(Self.tokens) >= 0") }
    }

    private mutating func addSets(_ query: CallQuery) {
        if let models = numbers.modelList { terms.add("c.model_id IN (\(models))") }
        terms.add("c.provider_id = ?", numbers.provider)
        terms.add("c.operation_id = ?", numbers.operation)
        terms.add("c.service_id = ?", numbers.service)
        terms.add("c.outcome = ?", query.status?.stored)
        if let error = query.errorType {
            terms.add("c.error_type = ?", [error])
            zones.terms.add("errors & ? != 0", Self.bit(error.stableHash))
        }
        for (column, value) in [("session", query.session), ("user", query.user)] {
            guard let value else { continue }
            terms.add("c.\(column)_hash = ?", value.stableHash)
            zones.hashes.append(value.stableHash)
        }
        zones.terms.add("models & ? != 0", numbers.modelBits)
        zones.terms.add("providers & ? != 0", numbers.provider.map(Self.bit))
        zones.terms.add("operations & ? != 0", numbers.operation.map(Self.bit))
        zones.terms.add("call_services & ? != 0", numbers.service.map(Self.bit))
        zones.terms.add("outcomes & ? != 0", query.status.map { Self.bit($0.stored) })
    }

    private mutating func addSource(_ query: CallQuery, _ db: Database) throws {
        guard let source = query.source else { return }
        let sql = "SELECT service_id FROM services WHERE name=?"
        let service = try Int64.fetchOne(db.cachedStatement(sql: sql), arguments: [source]) ?? -1
        let label = LLMCall.labelSeparator + source + LLMCall.labelSeparator
        terms.add(
            """
            (c.service_id = ? OR instr(c.labels, ?) > 0 \
            OR (SELECT s.service_id FROM traces s WHERE s.trace_no = c.call_id >> 24) = ?)
            """,
            [service, label, service]
        )
    }

    private mutating func addWarning(_ filter: WarningFilter?) {
        guard let filter else { return }
        let parents = filter.includesMissingParents ? " OR w.missing_parents > 0" : ""
        terms.add(
            """
            \(filter.isNegated ? "NOT " : "")EXISTS (SELECT 1 FROM traces w \
            WHERE w.trace_no = c.call_id >> 24 AND (w.marks & ? != 0\(parents)))
            """,
            Int64(filter.marks.rawValue)
        )
    }

    private static func bit(_ number: Int64) -> Int64 { Int64(bitPattern: Zone.bit(number)) }
}
