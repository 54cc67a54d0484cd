// OwnedTraces.swift - the stored traces of a data directory, for the commands of its owner.

import Foundation
import Logging
import QueryAPI
import SQLiteStore
public import TraceModel
import TraceStore

/// Deletes stored traces: through the collector that runs on the directory, else in its file.
public struct OwnedTraces: Sendable {
    private enum Place: Sendable {
        case server(ControlClient)
        case file(SQLiteTraceStore)
    }

    private let place: Place

    /// Finds who has the directory.
    ///
    /// - Throws: `StoreError` when neither can be used, `notFound` when there is no database, `PriceError` when the price table is damaged.
    public init(_ config: CollectorConfig) async throws {
        if let client = await ControlClient(directory: config.dataDirectory) {
            place = .server(client)
            return
        }
        try OwnedDatabase.require(in: config.dataDirectory)
        var file = SQLiteStoreConfig(directory: config.dataDirectory)
        file.trainsDictionaries = false
        place = .file(
            try SQLiteTraceStore(
                config: file,
                extraction: try config.extraction(),
                logger: Logger(label: "skein.delete")
            )
        )
    }

    /// Deletes the traces of an id, or counts them; a project that is named has them alone.
    ///
    /// - Throws: `StoreError`, also `notFound` when there is none.
    public func remove(_ id: TraceID, project: String?, isDryRun: Bool) async throws -> Int {
        switch place {
        case .server(let client):
            let query = Self.query([("project", project), ("dry_run", isDryRun ? "true" : nil)])
            return try await client.remove("/\(id.hex)\(query.isEmpty ? "" : "?" + query)").deleted
        case .file(let store):
            let count = try await store.removeTraces(
                of: id,
                in: project.map { .only($0) } ?? .all,
                isDryRun: isDryRun
            )
            guard count > 0 else { throw StoreError(code: .notFound, message: "there is no trace \(id.hex)") }
            return count
        }
    }

    /// Deletes the traces that match filters, or counts them.
    ///
    /// - Parameters:
    ///   - filters: Names and values as in the query of `DELETE /v1/traces`.
    ///   - isDryRun: Whether they are only counted.
    ///   - onProgress: Told how many were deleted so far.
    /// - Returns: How many.
    /// - Throws: A `CollectorError`.
    public func remove(
        matching filters: [(name: String, value: String)],
        isDryRun: Bool,
        onProgress: (Int) -> Void = { _ in }
    ) async throws -> Int {
        let query = Self.query(filters.map { ($0.name, $0.value) } + [("dry_run", isDryRun ? "true" : nil)])
        switch place {
        case .server(let client):
            var sum = 0
            while true {
                let step = try await client.remove("?" + query)
                sum += step.deleted
                onProgress(sum)
                guard step.hasMore else { return sum }
            }
        case .file(let store):
            return try await TraceRemoval(query: query).run(on: store, onProgress: onProgress).deleted
        }
    }

    /// Gives the space back and lets go of the file; with a running server nothing is to be done.
    public func close() async {
        guard case .file(let store) = place else { return }
        await store.settle()
        await store.close()
    }

    private static func query(_ parameters: [(String, String?)]) -> String {
        parameters.compactMap { name, value in
            value.map { "\(escaped(name))=\(escaped($0))" }
        }.joined(separator: "&")
    }

    private static func escaped(_ text: String) -> String {
        text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
    }
}
