// FacetListing.swift - the values that calls have, and how often.

import GRDB
import TraceModel
import TraceStore

/// Answers which values calls have: from what is kept by hour and day where that knows them, else from the calls.
struct FacetListing {
    let query: FacetQuery
    let loader: TraceLoader

    /// More values than these are not kept in memory.
    private static let mostValues = 1_000_000

    /// Reads the values.
    ///
    /// - Throws: `StoreError` with code `tooLarge` when there are more calls than can be looked at in time, or more
    ///   values than can be kept.
    func page(_ db: Database) throws -> FacetPage {
        var page = FacetPage(values: [])
        let fields = query.fields.filter { $0 != .tool }
        var names = FacetNames(db)
        let counts = try counts(fields, &names, db)
        for field in query.fields {
            guard let place = fields.firstIndex(of: field) else {
                page.values.append(try tools(&page.isTruncated, db))
                continue
            }
            let top = counts.top(query.limit + 1, of: place)
            if top.count > query.limit { page.isTruncated = true }
            page.values.append(
                try top.prefix(query.limit).compactMap { value, count in
                    guard let name = try names.name(of: field, value, in: count.example) else { return nil }
                    return FacetValue(value: name, calls: count.calls, traces: count.traces)
                }
            )
        }
        return page
    }

    private func counts(_ fields: [FacetField], _ names: inout FacetNames, _ db: Database) throws -> FacetCounts {
        var counts = FacetCounts(fields: fields.count)
        guard !fields.isEmpty, let conditions = try CallConditions(query.calls, areAllRoles: true, db) else {
            return counts
        }
        if query.calls.isKnownToRollups, fields.allSatisfy(\.isKnownToRollups) {
            let rollups = RollupSums(query.calls, conditions.numbers, roles: .all)
            try rollups.count(into: &counts, values: { combo in fields.map { combo.value(of: $0) } }, db)
            return counts
        }
        var check = try CallCheck(query.calls, loader, db)
        let isWhole = try TallyRows.forEach(db, conditions) { call, owner in
            guard !check.isTimeOver(), counts.size <= Self.mostValues else { return false }
            guard try check.passes(owner.callKey, span: { owner.spanID }) else { return true }
            let values = fields.map { field in
                switch field {
                case .user: owner.user ?? 0
                case .session: owner.session ?? 0
                case .errorType: owner.errorType.map { names.number(ofError: $0) } ?? 0
                default: call.combo.value(of: field)
                }
            }
            counts.add(callOf: owner.trace, values)
            return true
        }
        guard isWhole else {
            throw StoreError(
                code: .tooLarge,
                message: "there are more calls in this period than can be looked at in time: ask for a shorter period, "
                    + "or only for the fields and filters that statistics are kept by (time, project, service, "
                    + "provider, model, operation, status)"
            )
        }
        return counts
    }

    private func tools(_ isTruncated: inout Bool, _ db: Database) throws -> [FacetValue] {
        var stats = StatsQuery()
        stats.calls = query.calls
        stats.groupBy = [.tool]
        stats.limit = query.limit
        let page = try StatsListing(query: stats, loader: loader).page(db)
        if page.rows.count == query.limit, page.isTruncated { isTruncated = true }
        return page.rows.compactMap { row in
            row.group[0].map { FacetValue(value: $0, calls: row.calls, traces: row.traces) }
        }
    }
}

extension FacetField {
    /// Whether what is kept by hour and day knows it.
    fileprivate var isKnownToRollups: Bool {
        switch self {
        case .model, .provider, .service, .project, .operation, .status: true
        case .errorType, .tool, .user, .session: false
        }
    }
}

extension CallCombo {
    /// The number of a value; 0 for none.
    fileprivate func value(of field: FacetField) -> Int64 {
        switch field {
        case .model: model
        case .provider: provider
        case .service: service
        case .project: project
        case .operation: operation
        case .status: outcome + 1
        case .errorType, .tool, .user, .session: 0
        }
    }
}
