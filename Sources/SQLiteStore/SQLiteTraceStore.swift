// SQLiteTraceStore.swift - the store contract on one SQLite file.

import COTLP
import CSQLiteSetup
import Foundation
import GRDB
public import Logging
public import Metrics
public import TraceModel
public import TraceStore

/// Where and how a SQLite store works.
public struct SQLiteStoreConfig: Sendable {
    /// The folder that holds `skein.db`; made when it is not there.
    ///
    /// One process at a time uses it.
    public var directory: String
    /// Spans of one trace at most; more are rejected by partial success.
    ///
    /// Default 1,000,000.
    public var maxSpansPerTrace = 1_000_000
    /// Projects at most that are made without a key.
    ///
    /// Default 1,000.
    public var maxProjects = 1_000
    /// Bytes of assembled traces kept in memory for late spans.
    ///
    /// Default 32 MiB.
    public var cacheBytes = 32 << 20
    /// Connections that read.
    ///
    /// Default 4.
    public var readers = 4
    /// Whether dictionaries are trained from stored spans, and used; without, parts use the shipped one.
    ///
    /// A trained dictionary holds pieces of spans. Default true.
    public var trainsDictionaries = true

    /// Whether words of names, messages, arguments, results and errors are indexed.
    ///
    /// Default true.
    public var indexesText = true

    /// How long traces are kept.
    ///
    /// Default: for ever.
    public var retention = RetentionPolicy()
    /// Takes the content out of traces whose content has expired; nil when content is kept as long as numbers.
    public var contentRemoval: (any ContentRemoval)?

    /// Whether the parts of finished traces are compressed again while nothing arrives.
    ///
    /// Default true.
    public var recompacts = true

    /// The time of now, in seconds since the Unix epoch.
    var now: @Sendable () -> Int64 = { Int64(Date().timeIntervalSince1970) }
    /// How often the age of traces is looked at.
    var retentionInterval = Duration.seconds(60)
    /// How long nothing is deleted before free pages are given back.
    var spaceQuiet = Duration.seconds(1)
    /// How long nothing is stored for a trace before its parts are compressed again; whole seconds.
    var recompactionIdle = Duration.seconds(60)
    /// How long nothing at all is stored before that begins.
    var recompactionQuiet = Duration.seconds(1)
    /// How long nothing is asked or stored before memory is given back.
    var restAfter = Duration.seconds(10)
    /// Bytes of a project's payloads from which on a dictionary is trained from all of them.
    var sampledBytes: Int64 = 16 << 20
    /// Traces of one bucket of the trace index; part of the file format, so that only tests change it.
    var tracesPerBucket: Int64 = 131_072

    /// Makes a configuration with defaults.
    public init(directory: String) {
        self.directory = directory
    }
}

/// Stores traces in one SQLite file, and reads them back.
///
/// A write that returned survives a crash of the process and of the machine (WAL, `synchronous=FULL`).
public final class SQLiteTraceStore: CollectorStore {
    /// The path of the database file.
    public let path: String
    private let lock: DirectoryLock
    let queue: WriteQueue
    private let status: StoreStatus
    private let encoder: PartEncoder
    private let pressure: WritePressure
    let reader: SQLiteTraceReader
    let backlog: Backlog
    private let indexer: Indexer?
    let recompaction: Recompaction?
    /// See `CollectorStore`.
    public let feed: any TraceFeed

    /// Opens a store, creating folder and file when they are not there.
    ///
    /// - Parameters:
    ///   - config: Where and how.
    ///   - extraction: Reads spans that are stored already, as they were read on arrival.
    ///   - analysis: Looks stored parts through for what they can be found by; nil to leave that for later.
    ///   - logger: Told of recovery and failures; never of content.
    ///   - metricsFactory: Makes the histogram of commits.
    /// - Throws: `StoreError`: `unavailable` when the folder or file cannot be used or another server uses it,
    ///   `unsupported` when a newer version wrote the file.
    public init(
        config: SQLiteStoreConfig,
        extraction: any SpanExtraction,
        analysis: (any PartAnalysis)? = nil,
        logger: Logger,
        metricsFactory: any MetricsFactory = MetricsSystem.factory
    ) throws(StoreError) {
        skein_sqlite_setup()
        lock = try DirectoryLock(directory: config.directory)
        path = config.directory + "/" + DatabaseSetup.fileName
        let connection = try Self.connection(path: path, logger)
        let codec = ZstdCodec()
        let decoder = PartDecoder(codec: codec, dictionaries: DictionaryTable(), envelopes: EnvelopeCache())
        let directory = TraceDirectory(bucketSize: config.tracesPerBucket, loadingFrom: path)
        let changes = RecentChanges()
        feed = changes
        let writer = try BatchWriter(
            connection: connection,
            directory: directory,
            versions: StoredVersions(decoder: decoder, extraction: extraction),
            limits: StoreLimits(config),
            indexesText: config.indexesText,
            feed: changes
        )
        let pool = try Self.readers(path: path, count: config.readers)
        let loader = TraceLoader(pool: pool, decoder: decoder, extraction: extraction, analysis: analysis)
        let queue = WriteQueue()
        self.queue = queue
        status = StoreStatus()
        let book = try Self.dictionaries(connection, isTraining: config.trainsDictionaries, queue)
        encoder = PartEncoder(codec: codec, book: book)
        pressure = WritePressure(mayBeLight: config.recompacts, metricsFactory)
        backlog = writer.backlog
        let expiry = Self.stripper(config, loader, encoder)
        writer.prepareRetention(now: config.now, expiry)
        let maintenance = Self.maintenance(config, expiry.map { Self.stripping($0, queue) }, logger, metricsFactory)
        try writer.limitLog(pages: maintenance.logPages)
        let memory = IdleMemory(quiet: config.restAfter)
        reader = SQLiteTraceReader(pool: pool, directory: directory, loader: loader, backlog: backlog, memory: memory)
        indexer = try Self.indexer(analysis, decoder, backlog, queue, config, logger)
        let indexed = indexer == nil ? nil : backlog
        recompaction = try Recompaction(config, decoder, writer, book, indexed, queue, logger, metricsFactory)
        let gate = WriterGate()
        let checkpointer = try Checkpointer(path: path, gate: gate, logPages: maintenance.logPages)
        let thread = WriterThread(
            queue: queue,
            gate: gate,
            checkpointer: checkpointer,
            writer: writer,
            book: book,
            status: status,
            commits: Metrics.Timer(label: "store_commit_seconds", dimensions: [], factory: metricsFactory),
            logger: logger,
            maintenance: maintenance,
            memory: memory,
            load: Self.loading(loader, queue)
        )
        startThreads(checkpointer, thread)
        memory.onRest(Self.release(memory, queue, pool, decoder, book, backlog, extraction))
    }

    /// See `CollectorStore`.
    public func whenReady() async throws(StoreError) {
        let directory = reader.directory
        try await reader.blocking { _ in try directory.wait() }
    }

    private func startThreads(_ checkpointer: Checkpointer, _ writer: WriterThread) {
        checkpointer.start()
        writer.start()
        indexer?.start()
        recompaction?.worker.start()
    }

    /// The connection that writes; what an older version stored has its statistics then.
    private static func connection(path: String, _ logger: Logger) throws(StoreError) -> SQLiteConnection {
        let connection = try DatabaseSetup.open(path: path)
        guard try DerivedRebuild.start(connection) != nil else { return connection }
        logger.notice("statistics are made of what an older version stored; this is done once")
        var rebuild = DerivedRebuild(connection)
        try rebuild.run()
        return connection
    }

    private static func stripper(
        _ config: SQLiteStoreConfig,
        _ loader: TraceLoader,
        _ encoder: PartEncoder
    ) -> ContentStripper? {
        config.contentRemoval.map { ContentStripper(loader: loader, removal: $0, encoder: encoder) }
    }

    private static func dictionaries(
        _ connection: SQLiteConnection,
        isTraining: Bool,
        _ queue: WriteQueue
    ) throws(StoreError) -> DictionaryBook {
        let (shipped, own) = try DatabaseSetup.dictionaries(connection)
        return DictionaryBook(shipped: shipped, own: own, isTraining: isTraining) { project, bytes in
            _ = queue.push(.learned(project: project, bytes: bytes))
        }
    }

    private static func indexer(
        _ analysis: (any PartAnalysis)?,
        _ decoder: PartDecoder,
        _ backlog: Backlog,
        _ queue: WriteQueue,
        _ config: SQLiteStoreConfig,
        _ logger: Logger
    ) throws(StoreError) -> Indexer? {
        guard let analysis else { return nil }
        return try Indexer(
            parts: try PendingParts(path: config.directory + "/" + DatabaseSetup.fileName, decoder: decoder),
            analysis: analysis,
            backlog: backlog,
            queue: queue,
            wantsTexts: config.indexesText,
            logger: logger
        )
    }

    private static func maintenance(
        _ config: SQLiteStoreConfig,
        _ strip: (@Sendable (StrippingPlace) -> Void)?,
        _ logger: Logger,
        _ metrics: any MetricsFactory
    ) -> Maintenance {
        Maintenance(
            MaintenanceConfig(config, path: config.directory + "/" + DatabaseSetup.fileName),
            counts: MaintenanceCounts(metrics),
            logger: logger,
            strip: strip
        )
    }

    /// Stops writing: what waits is finished, the log is moved into the file.
    public func close() async {
        backlog.stop()
        recompaction?.schedule.stop()
        guard queue.push(.stop) else { return }
        await status.waitForEnd()
        await indexer?.waitForEnd()
        await recompaction?.worker.waitForEnd()
        lock.release()
    }

    private static func readers(path: String, count: Int) throws(StoreError) -> DatabasePool {
        var configuration = Configuration()
        configuration.readonly = true
        configuration.maximumReaderCount = count
        configuration.label = "skein-reader"
        // Whoever is the last to close the file holds it for a moment.
        configuration.busyMode = .timeout(5)
        configuration.prepareDatabase { db in
            try db.execute(sql: "PRAGMA cache_size=-8192; PRAGMA temp_store=MEMORY")
        }
        do {
            return try DatabasePool(path: path, configuration: configuration)
        } catch {
            throw StoreError(code: .unavailable, message: "cannot open the database \(path) for reading: \(error)")
        }
    }

    /// Reads forgotten traces beside the writer.
    ///
    /// At most a few at a time, as there are few readers.
    private static func loading(_ loader: TraceLoader, _ queue: WriteQueue) -> @Sendable (Int64) -> Void {
        let workers = DispatchQueue(label: "skein-loader", attributes: .concurrent)
        let places = DispatchSemaphore(value: 2)
        return { number in
            workers.async {
                places.wait()
                defer { places.signal() }
                let result: Result<LoadedTrace, StoreError>
                do {
                    if let loaded = try loader.load(number, keepingVersions: false) {
                        result = .success(loaded)
                    } else {
                        result = .failure(
                            StoreError(code: .unavailable, message: "trace \(number) is gone: try once more")
                        )
                    }
                } catch {
                    result = .failure(StoreError(reading: error))
                }
                _ = queue.push(.loaded(number, result))
            }
        }
    }
}

extension SQLiteTraceStore {
    /// See `TraceWriter`.
    public func write(_ batch: SpanBatch) async throws(StoreError) -> ConsumeReceipt {
        guard !batch.spans.isEmpty else { return ConsumeReceipt() }
        return try await begin(batch, behind: 0).receipt()
    }

    /// See `TraceWriter`: compresses the spans and hands them to the writer's thread.
    public func begin(_ batch: SpanBatch, behind: Int) throws(StoreError) -> any PendingReceipt {
        let isLight = pressure.enter(behind: behind)
        let reply = WriteReply(pressure)
        let parts = try encoder.encode(batch, isLight: isLight)
        // With about what the state of a trace takes, so that a transaction holds a bounded number of traces.
        let bytes = parts.reduce(0) { $1.reduce($0) { $0 + $1.payload.count + 1024 } }
        let request = WriteRequest(batch: batch, parts: parts, bytes: bytes, reply: reply)
        guard queue.push(.write(request)) else {
            throw StoreError(code: .unavailable, message: "the server is shutting down")
        }
        return reply
    }

    /// See `TraceReader`.
    public func traces(matching query: TraceQuery) async throws(StoreError) -> TracePage {
        try await reader.traces(matching: query)
    }

    /// See `TraceReader`.
    public func calls(matching query: CallQuery) async throws(StoreError) -> CallPage {
        try await reader.calls(matching: query)
    }

    /// See `TraceReader`.
    public func stats(matching query: StatsQuery) async throws(StoreError) -> StatsPage {
        try await reader.stats(matching: query)
    }

    /// See `TraceReader`.
    public func owners(matching query: OwnerQuery) async throws(StoreError) -> OwnerPage {
        try await reader.owners(matching: query)
    }

    /// See `TraceReader`.
    public func facets(matching query: FacetQuery) async throws(StoreError) -> FacetPage {
        try await reader.facets(matching: query)
    }

    /// See `TraceReader`.
    public func prompts(matching query: PromptQuery) async throws(StoreError) -> PromptPage {
        try await reader.prompts(matching: query)
    }

    /// See `TraceReader`.
    public func summaries(of id: TraceID, in scope: ProjectScope) async throws(StoreError) -> [TraceSummary] {
        try await reader.summaries(of: id, in: scope)
    }

    /// See `TraceReader`.
    public func trace(_ number: Int64, keeping mostBytes: Int) async throws(StoreError) -> OpenedTrace {
        try await reader.trace(number, keeping: mostBytes)
    }

    /// See `TraceReader`.
    public func spans(_ outlines: ArraySlice<SpanOutline>, of number: Int64) async throws(StoreError) -> [StoredSpan] {
        try await reader.spans(outlines, of: number)
    }

    /// See `TraceReader`.
    public func records(
        of outlines: ArraySlice<SpanOutline>,
        in number: Int64,
        maxBytes: Int
    ) async throws(StoreError) -> StoredRecords? {
        try await reader.records(of: outlines, in: number, maxBytes: maxBytes)
    }

    /// See `KeyStore`.
    ///
    /// Not by the writer, who may be busy: nothing is served before the keys are known.
    public func keys() async throws(StoreError) -> [AccessKey] {
        let path = path
        return try await reader.blocking { _ in try KeyRows.all(SQLiteConnection(reading: path)) }
    }

    /// See `KeyStore`.
    public func addKey(_ key: AccessKey) async throws(StoreError) {
        _ = try await run(.add(key))
    }

    /// See `KeyStore`.
    public func revokeKey(_ id: String) async throws(StoreError) -> AccessKey? {
        try await run(.revoke(id)).first
    }

    private func run(_ task: KeyTask) async throws(StoreError) -> [AccessKey] {
        let result = await withCheckedContinuation { continuation in
            if !queue.push(.keys(task, continuation)) {
                let closed = StoreError(code: .unavailable, message: "the server is shutting down")
                continuation.resume(returning: .failure(closed))
            }
        }
        return try result.get()
    }

    /// See `TraceReader`.
    ///
    /// After a failed write it tries a small one, so that the answer is true without traffic.
    public func unreadiness() async -> StoreError? {
        guard status.lastFailure != nil else { return nil }
        return await withCheckedContinuation { continuation in
            if !queue.push(.probe(continuation)) {
                continuation.resume(returning: StoreError(code: .unavailable, message: "the server is shutting down"))
            }
        }
    }
}

extension StoreLimits {
    fileprivate init(_ config: SQLiteStoreConfig) {
        maxSpansPerTrace = config.maxSpansPerTrace
        maxProjects = config.maxProjects
        cacheBytes = config.cacheBytes
    }
}

extension StoreError {
    /// What a failed read means for the caller.
    init(reading error: any Error) {
        if let known = error as? StoreError {
            self = known
        } else if error is CancellationError || (error as? DatabaseError)?.resultCode == .SQLITE_INTERRUPT {
            self.init(code: .unavailable, message: "the query was interrupted")
        } else if let failure = error as? DatabaseError {
            self.init(
                code: .unavailable,
                message:
                    "the database cannot be read: \(failure.message ?? "") (SQLite code \(failure.extendedResultCode.rawValue))"
            )
        } else if let known = error as? any CollectorError {
            // Stored spans passed every check on arrival: what fails now may work later.
            self.init(code: .unavailable, message: "stored spans cannot be read again: \(known.message)")
        } else {
            self.init(code: .internal, message: "a read failed: \(error)")
        }
    }
}
