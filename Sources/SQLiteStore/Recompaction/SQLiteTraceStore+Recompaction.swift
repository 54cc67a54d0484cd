// SQLiteTraceStore+Recompaction.swift - putting together what compresses finished traces again.

import Foundation
import Logging
import Metrics
import TraceStore

/// The two ends of recompaction: who is told of changes, and who works.
struct Recompaction: Sendable {
    let schedule: RecompactionSchedule
    let worker: Recompactor

    /// Makes it for a store; nil when the store does without.
    ///
    /// - Throws: `StoreError` when the database cannot be opened.
    init?(
        _ config: SQLiteStoreConfig,
        _ decoder: PartDecoder,
        _ writer: BatchWriter,
        _ book: DictionaryBook,
        _ backlog: Backlog?,
        _ queue: WriteQueue,
        _ logger: Logger,
        _ metrics: any MetricsFactory
    ) throws(StoreError) {
        guard config.recompacts else { return nil }
        let path = config.directory + "/" + DatabaseSetup.fileName
        let parts = try FinishedParts(path: path, codec: decoder.codec, dictionaries: decoder.dictionaries)
        let walked = try RemovalMark.read(RecompactionMark.key, parts.connection) ?? 0
        let last = try parts.connection.integer("SELECT max(trace_no) FROM traces") ?? 0
        schedule = RecompactionSchedule(
            idle: config.recompactionIdle,
            quiet: config.recompactionQuiet,
            backlog: backlog,
            walked: walked,
            isDue: last > walked
        )
        writer.recompaction = schedule
        let samples = StoredSamples(leastBytes: config.sampledBytes, parts: parts, book: book)
        worker = Recompactor(
            parts: parts,
            frames: FrameEncoder(codec: decoder.codec, book: book),
            trainer: config.trainsDictionaries ? samples : nil,
            schedule: schedule,
            queue: queue,
            walked: walked,
            counts: RecompactionCounts(metrics),
            logger: logger,
            now: config.now
        )
    }
}

extension SQLiteTraceStore {
    /// Returns when the parts of all traces that are finished by now were compressed again.
    func recompact() async {
        guard let recompaction else { return }
        await withCheckedContinuation { recompaction.schedule.ask($0) }
    }
}
