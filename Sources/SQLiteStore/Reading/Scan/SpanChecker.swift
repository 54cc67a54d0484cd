// SpanChecker.swift - whether spans of a trace have what a filter asks for.

import Foundation
import GRDB
import TraceModel
import TraceStore

/// Looks at the parts of a trace that may have what a filter asks for.
///
/// What parts are known to hold decides first; the spans themselves decide for good.
struct SpanChecker {
    private let conditions: [(condition: SpanCondition, hash: UInt64?)]
    private let loader: TraceLoader
    private let identity: (Int64) throws -> TraceIdentity?
    private var analyser: any PartAnalyser
    private let db: Database

    /// Makes a checker; nil when nothing is asked for.
    init?(_ conditions: [SpanCondition], _ loader: TraceLoader, _ db: Database) throws {
        guard !conditions.isEmpty, let analysis = loader.analysis else { return nil }
        self.conditions = conditions.map { condition in
            let isLong = condition.value.utf8.count > AttributeHash.maxValueBytes
            return (condition, isLong ? nil : AttributeHash.hash(condition.property, condition.value))
        }
        self.loader = loader
        self.db = db
        identity = { try TraceIdentity.fetch(db, $0) }
        analyser = try analysis.makeAnalyser()
    }

    /// Whether each condition holds for some span of a trace.
    mutating func passes(trace number: Int64) throws -> Bool {
        let range = PartKey.first(of: number)..<PartKey.end(of: number)
        let parts = try candidates(in: range)
        guard parts.allSatisfy({ !$0.isEmpty }) else { return false }
        guard let identity = try identity(number) else { return false }
        for (place, keys) in parts.enumerated() {
            let condition = conditions[place].condition
            let isThere = try keys.contains { key in
                guard let batch = try batch(key, identity) else { return false }
                return try batch.spans.indices.contains { try matches(batch, $0, condition) }
            }
            guard isThere else { return false }
        }
        return true
    }

    /// Whether each condition holds for one span of a trace.
    mutating func passes(span: SpanID, of number: Int64) throws -> Bool {
        let range = PartKey.first(of: number)..<PartKey.end(of: number)
        let parts = try candidates(in: range)
        guard let first = parts.first, parts.allSatisfy({ !$0.isEmpty }) else { return false }
        guard let identity = try identity(number) else { return false }
        let common = first.filter { key in parts.allSatisfy { $0.contains(key) } }
        for key in common {
            guard let batch = try batch(key, identity) else { continue }
            for index in batch.spans.indices where batch.spans[index].spanID == span {
                var passed = true
                for (condition, _) in conditions where passed { passed = try matches(batch, index, condition) }
                if passed { return true }
            }
        }
        return false
    }

    private mutating func matches(_ batch: SpanBatch, _ index: Int, _ condition: SpanCondition) throws -> Bool {
        try analyser.matches(batch, at: index, condition.property, condition.value)
    }

    private func batch(_ key: Int64, _ identity: TraceIdentity) throws -> SpanBatch? {
        try loader.batch(db, key, identity)
    }

    /// For each condition the parts that may have it; parts that were not looked through yet may have anything.
    private func candidates(in range: Range<Int64>) throws -> [[Int64]] {
        var found = Array(repeating: [Int64](), count: conditions.count)
        let sql = "SELECT part_id, hashes FROM attributes WHERE part_id >= ? AND part_id < ?"
        let arguments: StatementArguments = [range.lowerBound, range.upperBound]
        let rows = try Row.fetchCursor(db.cachedStatement(sql: sql), arguments: arguments)
        while let row = try rows.next() {
            try row.withUnsafeData(atIndex: 1) { data in
                (data ?? Data()).withUnsafeBytes { bytes in
                    for (place, condition) in conditions.enumerated() {
                        let mayContain = condition.hash.map { PartHashes.mayContain(bytes, $0) } ?? true
                        if mayContain { found[place].append(row[0]) }
                    }
                }
            }
        }
        let pending = """
            SELECT part_id FROM pending WHERE part_id >= ? AND part_id < ?
                AND NOT EXISTS(SELECT 1 FROM attributes a WHERE a.part_id=pending.part_id)
            """
        let waiting = try Int64.fetchAll(db.cachedStatement(sql: pending), arguments: arguments)
        return found.map { $0 + waiting }
    }
}
