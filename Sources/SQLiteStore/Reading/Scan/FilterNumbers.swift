// FilterNumbers.swift - the names that a filter asks for, as the numbers of their rows.

import GRDB
import TraceModel
import TraceStore

/// The names that a filter asks for, as the numbers of their rows; nil where nothing is asked for.
struct FilterNumbers {
    var project: Int64?
    var service: Int64?
    var provider: Int64?
    var operation: Int64?
    /// Any of them.
    var models: [Int64]?
    /// Whether bits of models stand for one model each.
    var areModelBitsExact = false

    /// Looks the names up; nil when one is asked for that nothing has, so that nothing can match.
    ///
    /// - Parameters:
    ///   - filter: The names.
    ///   - exactModel: A model that is meant exactly.
    ///   - db: Reads.
    /// - Throws: What SQLite says.
    init?(_ filter: RecordFilter, exactModel: String? = nil, _ db: Database) throws {
        if case .only(let name) = filter.scope {
            guard let id = try Self.id("project", name, db) else { return nil }
            project = id
        }
        if let name = filter.service {
            guard let id = try Self.id("service", name, db) else { return nil }
            service = id
        }
        if let name = filter.provider {
            guard let id = try Self.id("provider", name, db) else { return nil }
            provider = id
        }
        if let name = filter.operation {
            guard let id = try Self.id("operation", name, db) else { return nil }
            operation = id
        }
        if let name = exactModel {
            guard let id = try Self.id("model", name, db) else { return nil }
            models = [id]
        }
        if let pattern = filter.model {
            let ids = try Self.models(like: pattern, db)
            models = models.map { $0.filter(ids.contains) } ?? ids
            guard models?.isEmpty == false else { return nil }
        }
        if models != nil {
            areModelBitsExact = try (Int64.fetchOne(db, sql: "SELECT max(model_id) FROM models") ?? 0) < 64
        }
    }

    /// Bit (number mod 64) for each model.
    var modelBits: Int64? {
        models.map { ids in Int64(bitPattern: ids.reduce(UInt64(0)) { $0 | Zone.bit($1) }) }
    }

    /// The models as a list in SQL.
    var modelList: String? {
        models.map { $0.map(String.init).joined(separator: ",") }
    }

    private static func models(like pattern: String, _ db: Database) throws -> [Int64] {
        let wanted = Array(pattern.lowercased().utf8)
        return try Row.fetchAll(db, sql: "SELECT model_id, name FROM models").filter {
            Wildcard.matches(Array(($0[1] as String).lowercased().utf8)[...], pattern: wanted[...])
        }
        .map { $0[0] as Int64 }
    }

    private static func id(_ kind: String, _ name: String, _ db: Database) throws -> Int64? {
        try Int64.fetchOne(
            db.cachedStatement(sql: "SELECT \(kind)_id FROM \(kind)s WHERE name=?"),
            arguments: [name]
        )
    }
}
