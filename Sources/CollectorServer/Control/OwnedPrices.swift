// OwnedPrices.swift - the stored costs of a data directory, for the commands of its owner.

import Logging
import SQLiteStore
public import TraceStore

/// Computes the stored costs of a data directory again.
public enum OwnedPrices {
    /// Looks at every trace: through the collector that runs on the directory, with its prices, else in its file.
    ///
    /// - Parameters:
    ///   - config: The data directory, and the prices and mappings for a directory that no collector runs on.
    ///   - onProgress: Told what was done so far, again and again.
    /// - Returns: What was done in all.
    /// - Throws: `StoreError` when neither can be used, `notFound` when there is no database, `PriceError` when the price table is damaged.
    public static func reprice(
        _ config: CollectorConfig,
        onProgress: (RepriceProgress) -> Void = { _ in }
    ) async throws -> RepriceProgress {
        if let client = await ControlClient(directory: config.dataDirectory) {
            return try await all(client, onProgress)
        }
        try OwnedDatabase.require(in: config.dataDirectory)
        var place = SQLiteStoreConfig(directory: config.dataDirectory)
        place.trainsDictionaries = false
        let store = try SQLiteTraceStore(
            config: place,
            extraction: try config.extraction(),
            logger: Logger(label: "skein.reprice")
        )
        do {
            let progress = try await all(store, onProgress)
            await store.close()
            return progress
        } catch {
            await store.close()
            throw error
        }
    }

    private static func all(
        _ keeper: some PriceKeeper,
        _ onProgress: (RepriceProgress) -> Void
    ) async throws(StoreError) -> RepriceProgress {
        var sum = RepriceProgress()
        var next: Int64? = 0
        while let number = next {
            let step = try await keeper.reprice(after: number)
            sum.traces += step.traces
            sum.calls += step.calls
            next = step.next
            onProgress(sum)
        }
        return sum
    }
}
