// CollectorServer+SQLite.swift - the collector on the embedded store.

import IngestPipeline
public import Logging
import SQLiteStore
public import TraceStore

extension CollectorServer {
    /// Puts a collector together on the embedded store, which is opened here.
    ///
    /// - Throws: `StoreError` when the directory is locked, cannot be used, or was written by a newer version.
    public static func onSQLite(
        config: CollectorConfig,
        logger: Logger,
        onRunning: @escaping @Sendable (ServedAddresses) async -> Void = { _ in }
    ) throws(StoreError) -> CollectorServer {
        let extraction = SpanExtractor()
        let place = SQLiteStoreConfig(directory: config.dataDirectory)
        let store = try SQLiteTraceStore(config: place, extraction: extraction, logger: logger)
        let pipeline = TracePipeline(writer: store, extraction: extraction)
        return CollectorServer(config: config, store: store, consumer: pipeline, logger: logger, onRunning: onRunning)
    }
}
