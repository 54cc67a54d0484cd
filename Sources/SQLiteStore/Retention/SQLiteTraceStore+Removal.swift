// SQLiteTraceStore+Removal.swift - deleting traces, as others ask for it.

import Dispatch
import Foundation
import GRDB
public import TraceModel
public import TraceStore

extension SQLiteTraceStore {
    /// Traces that one call deletes.
    private static var slice: Int { 100 }

    /// See `TraceRemover`.
    public func removeTraces(
        of id: TraceID,
        in scope: ProjectScope,
        isDryRun: Bool
    ) async throws(StoreError) -> Int {
        let numbers = try await reader.numbers(of: id, in: scope)
        guard !isDryRun, !numbers.isEmpty else { return numbers.count }
        return try await remove(numbers)
    }

    /// See `TraceRemover`.
    public func removeTraces(matching query: TraceQuery) async throws(StoreError) -> RemovalProgress {
        var query = query
        query.limit = Self.slice
        query.isCounted = false
        let page = try await reader.traces(matching: query)
        var progress = RemovalProgress()
        progress.next = page.next
        guard !page.rows.isEmpty else { return progress }
        progress.deleted = try await remove(page.rows.map(\.number))
        return progress
    }

    /// Returns when deletion and retention have nothing left to do for now, and free space was given back.
    public func settle() async {
        await withCheckedContinuation { continuation in
            if !queue.push(.settle(continuation)) { continuation.resume() }
        }
    }

    private func remove(_ numbers: [Int64]) async throws(StoreError) -> Int {
        let result = await withCheckedContinuation { continuation in
            if !queue.push(.remove(numbers, continuation)) {
                let closed = StoreError(code: .unavailable, message: "the server is shutting down")
                continuation.resume(returning: .failure(closed))
            }
        }
        return try result.get()
    }

    /// Makes parts without content beside the writer, one trace at a time.
    static func stripping(_ stripper: ContentStripper, _ queue: WriteQueue) -> @Sendable (StrippingPlace) -> Void {
        let worker = DispatchQueue(label: "skein-expiry", qos: .utility)
        return { place in
            worker.async {
                let result: Result<StrippedTrace?, StoreError>
                do {
                    result = .success(try stripper.step(place))
                } catch {
                    result = .failure(StoreError(reading: error))
                }
                _ = queue.push(.stripped(result))
            }
        }
    }
}

extension MaintenanceConfig {
    init(_ config: SQLiteStoreConfig, path: String) {
        self.init(path: path)
        policy = config.retention
        now = config.now
        interval = config.retentionInterval
        quiet = config.spaceQuiet
    }
}

extension SQLiteTraceReader {
    /// The numbers of a trace id, one for each project; also where only log records have arrived.
    func numbers(of id: TraceID, in scope: ProjectScope) async throws(StoreError) -> [Int64] {
        try directory.wait()
        let candidates = directory.candidates(for: id)
        return try await read { db in
            let numbers = try sealedNumbers(of: id, candidates, db).union(candidates.locations.map(\.number))
            return try numbers.filter { number in
                guard let identity = try TraceIdentity.fetch(db, number), identity.id == id else { return false }
                return scope == .all || scope == .only(identity.projectName)
            }.sorted()
        }
    }
}
