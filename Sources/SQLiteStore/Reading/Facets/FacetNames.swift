// FacetNames.swift - the texts of values.

import GRDB
import TraceModel
import TraceStore

/// Finds the texts of values that were counted as numbers.
struct FacetNames {
    private let db: Database
    private var names: StatsNames
    private var errors: [String] = []
    private var numbersOfErrors: [String: Int64] = [:]

    init(_ db: Database) {
        self.db = db
        names = StatsNames(db)
    }

    /// The number of an error class, never 0.
    mutating func number(ofError name: String) -> Int64 {
        if let number = numbersOfErrors[name] { return number }
        errors.append(name)
        numbersOfErrors[name] = Int64(errors.count)
        return Int64(errors.count)
    }

    /// The text of a value; nil when it is not there any more.
    mutating func name(of field: FacetField, _ value: Int64, in example: Int64) throws -> String? {
        switch field {
        case .model: try names.name(of: .model, value)
        case .provider: try names.name(of: .provider, value)
        case .service: try names.name(of: .service, value)
        case .project: try names.name(of: .project, value)
        case .operation: try names.name(of: .operation, value)
        case .status: try names.name(of: .status, value - 1)
        case .errorType: errors[Int(value - 1)]
        case .user: try text("user", of: value, in: example) ?? names.name(of: .user, value)
        case .session: try text("session", of: value, in: example) ?? names.name(of: .session, value)
        case .tool: nil
        }
    }

    /// The text of a trace that has a session or user, where that is the one meant.
    private func text(_ column: String, of hash: Int64, in trace: Int64) throws -> String? {
        let statement = try db.cachedStatement(sql: "SELECT \(column) FROM roots WHERE trace_no=?")
        let text = try String.fetchOne(statement, arguments: [trace])
        return text?.stableHash == hash ? text : nil
    }
}
