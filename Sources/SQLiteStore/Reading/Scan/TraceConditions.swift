// TraceConditions.swift - the conditions of a list of traces as SQL, for traces and for their zones.

import GRDB
import TraceModel
import TraceStore

/// The conditions of a list of traces.
struct TraceConditions {
    /// The one project that is meant; nil for all.
    var project: Int64?
    /// On the columns of `traces`, the cheap ones first.
    var terms = SQLTerms()
    var zones = ZoneConditions()

    /// What traces are sorted by for their tokens; -1 stands for unknown.
    static let tokens = "ifnull(ifnull(tokens_input, 0) + tokens_output, ifnull(tokens_input, -1))"

    /// Makes the conditions; nil when a name is asked for that nothing has, so that nothing can match.
    init?(_ query: TraceQuery, _ db: Database) throws {
        let filter = query.filter
        guard let numbers = try FilterNumbers(filter, db) else { return nil }
        project = numbers.project
        terms.add("project_id = ?", numbers.project)
        // Below are traces of which only log records have arrived; the index ends there.
        terms.add("start_ns >= 0")
        addTimes(query)
        addBounds(filter)
        addSets(query, numbers)
        addTexts(filter)
        addCalls(filter, numbers)
    }

    private mutating func addTimes(_ query: TraceQuery) {
        terms.add("start_ns >= ?", query.startsFrom)
        zones.terms.add("start_max >= ?", query.startsFrom)
        terms.add("start_ns < ?", query.startsBefore)
        zones.terms.add("start_min < ?", query.startsBefore)
        terms.add("start_ns + duration_ns < ?", query.endsBefore)
        // Implied by the line above; it lets the index on the start end the scan.
        terms.add("start_ns < ?", query.endsBefore)
        zones.terms.add("start_min < ?", query.endsBefore)
    }

    private mutating func addBounds(_ filter: RecordFilter) {
        for (column, name, least, greatest) in [
            ("duration_ns", "duration", filter.minDuration, filter.maxDuration),
            ("cost", "cost", filter.minCost?.value, filter.maxCost?.value),
            (Self.tokens, "tokens", filter.minTokens, filter.maxTokens),
        ] {
            terms.add("\(column) >= ?", least)
            zones.terms.add("\(name)_max >= ?", least)
            terms.add("\(column) <= ?", greatest)
            zones.terms.add("\(name)_min <= ?", greatest)
        }
        // Unknown never matches.
        if filter.maxTokens != nil { terms.add("\(Self.tokens) >= 0") }
    }

    private mutating func addSets(_ query: TraceQuery, _ numbers: FilterNumbers) {
        zones.terms.add("projects & ? != 0", numbers.project.map(Self.bit))
        if let status = query.status {
            terms.add("status = ?", status == .error ? 1 : 0)
            zones.terms.add("states & ? != 0", status == .error ? 2 : 1)
        }
        terms.add("service_id = ?", numbers.service)
        zones.terms.add("services & ? != 0", numbers.service.map(Self.bit))
        if let warning = query.warning { add(warning) }
        terms.add("model_bits & ? != 0", numbers.modelBits)
        zones.terms.add("models & ? != 0", numbers.modelBits)
        terms.add("provider_bits & ? != 0", numbers.provider.map(Self.bit))
        zones.terms.add("providers & ? != 0", numbers.provider.map(Self.bit))
        terms.add("operation_bits & ? != 0", numbers.operation.map(Self.bit))
        zones.terms.add("operations & ? != 0", numbers.operation.map(Self.bit))
        let error = query.errorType.map { Self.bit($0.stableHash) }
        terms.add("error_bits & ? != 0", error)
        zones.terms.add("errors & ? != 0", error)
    }

    private mutating func add(_ warning: WarningFilter) {
        let marks = Int64(warning.marks.rawValue)
        let parents = warning.includesMissingParents ? " OR missing_parents > 0" : ""
        terms.add("\(warning.isNegated ? "NOT " : "")(marks & ? != 0\(parents))", marks)
        if warning.isNegated {
            zones.terms.add("states & 4 != 0")
        } else {
            let missing = warning.includesMissingParents ? Int64(bitPattern: Zone.missingParent) : 0
            zones.terms.add("marks & ? != 0", marks | missing)
        }
    }

    /// A session or user: by its hash, then by its text.
    private mutating func addTexts(_ filter: RecordFilter) {
        for (column, value) in [("session", filter.session), ("user", filter.user)] {
            guard let value else { continue }
            terms.add("\(column)_hash = ?", value.stableHash)
            terms.add("(SELECT r.\(column) FROM roots r WHERE r.trace_no = traces.trace_no) = ?", [value])
            zones.hashes.append(value.stableHash)
        }
    }

    /// What only the calls decide, since bits are shared by numbers 64 apart and may be left of earlier versions.
    private mutating func addCalls(_ filter: RecordFilter, _ numbers: FilterNumbers) {
        if let models = numbers.modelList {
            // The bits are exact, but where they stand for more models than are counted.
            let escape = numbers.areModelBitsExact ? "model_bits != -1 OR " : ""
            terms.add("(\(escape)\(Self.call("c.counted = 0 AND c.model_id IN (\(models))")))")
        }
        if let provider = numbers.provider {
            terms.add(Self.call("c.counted = 0 AND c.provider_id = ?"), provider)
        }
        if let operation = numbers.operation {
            terms.add(Self.call("c.counted = 0 AND c.operation_id = ?"), operation)
        }
        if let error = filter.errorType { terms.add(Self.call("c.error_type = ?"), [error]) }
    }

    private static func call(_ term: String) -> String {
        """
        EXISTS (SELECT 1 FROM calls c WHERE c.call_id >= traces.trace_no << 24 \
        AND c.call_id < (traces.trace_no + 1) << 24 AND \(term))
        """
    }

    private static func bit(_ number: Int64) -> Int64 { Int64(bitPattern: Zone.bit(number)) }
}
