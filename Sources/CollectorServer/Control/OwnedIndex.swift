// OwnedIndex.swift - what the spans of a data directory are found by, for the commands of its owner.

import Logging
import SQLiteStore
import TraceStore

/// Makes the index of a data directory again.
public enum OwnedIndex {
    /// How far it is.
    public struct Progress: Sendable, Equatable {
        /// Parts that were put into the queue.
        public var parts = 0
        /// Parts of them that are still to be looked through.
        public var waiting = 0
        /// Whether a running collector goes on with them by itself.
        public var isElsewhere = false
    }

    /// Lets everything be looked through again: by the collector that runs on the directory, else here.
    ///
    /// Returns at once where a collector runs, else when everything is done.
    ///
    /// - Parameters:
    ///   - config: The data directory, and the settings for a directory that no collector runs on.
    ///   - onProgress: Told what was done so far, again and again.
    /// - Returns: What was done in all.
    /// - Throws: `StoreError` when neither can be used, `notFound` when there is no database, `PriceError` when the price table is damaged.
    public static func reindex(
        _ config: CollectorConfig,
        onProgress: (Progress) -> Void = { _ in }
    ) async throws -> Progress {
        if let client = await ControlClient(directory: config.dataDirectory) {
            return try await start(client, isElsewhere: true, onProgress)
        }
        try OwnedDatabase.require(in: config.dataDirectory)
        var place = SQLiteStoreConfig(directory: config.dataDirectory)
        place.trainsDictionaries = false
        place.indexesText = config.indexesText
        place.recompacts = false
        let store = try SQLiteTraceStore(
            config: place,
            extraction: try config.extraction(),
            analysis: config.analysis(),
            logger: Logger(label: "skein.reindex")
        )
        do {
            let progress = try await finish(store, try await start(store, isElsewhere: false, onProgress), onProgress)
            await store.close()
            return progress
        } catch {
            await store.close()
            throw error
        }
    }

    /// Puts every part into the queue.
    private static func start(
        _ keeper: some IndexKeeper,
        isElsewhere: Bool,
        _ onProgress: (Progress) -> Void
    ) async throws(StoreError) -> Progress {
        var progress = Progress(isElsewhere: isElsewhere)
        var after: Int64?
        repeat {
            let step = try await keeper.reindex(after: after)
            progress.parts += step.parts
            progress.waiting = await keeper.indexLag().parts
            onProgress(progress)
            after = step.next
        } while after != nil
        return progress
    }

    /// Waits until all of them are looked through.
    private static func finish(
        _ keeper: some IndexKeeper & TraceReader,
        _ started: Progress,
        _ onProgress: (Progress) -> Void
    ) async throws -> Progress {
        var progress = started
        while true {
            progress.waiting = await keeper.indexLag().parts
            onProgress(progress)
            guard progress.waiting > 0 else { return progress }
            if let reason = await keeper.unreadiness() { throw reason }
            try await Task.sleep(for: .milliseconds(100))
        }
    }
}
