// BatchWriter.swift - batches into rows, many in one transaction.

import COTLP
import Foundation
import GRDBSQLite
import TraceAssembly
import TraceModel
import TraceStore

/// What the store is allowed to hold.
struct StoreLimits: Sendable {
    /// Spans of one trace; more are rejected by partial success.
    var maxSpansPerTrace = 1_000_000
    /// Log records kept with the spans of one trace; more are rejected by partial success.
    var maxRecordsPerTrace = 100_000
    /// Projects that are made without a key.
    var maxProjects = 1_000
    /// Bytes of assembled state that are kept for late spans.
    var cacheBytes = 32 << 20
}

/// Writes batches in transactions.
///
/// Belongs to the writer's thread.
final class BatchWriter {
    let connection: SQLiteConnection
    let directory: TraceDirectory
    let limits: StoreLimits
    let versions: StoredVersions
    var cache: TraceCache
    private var pinned: [Int64: TraceEntry] = [:]
    /// The trace that is being removed in more than one transaction.
    var removing: Int64?
    /// The trace that is being written without its content in more than one transaction.
    var expiring: Int64?
    /// Takes the content out of what comes late for a trace whose content has expired; nil when nothing expires.
    var lateContent: LateContent?
    /// Bytes of payloads that the open transaction adds, by project.
    private var addedBytes: [Int64: Int64] = [:]
    private var absent = AbsentTraces()
    private var sealer: BucketSealer
    private var mover = FilterMover()
    var analysis = AnalysisRows()
    var sweeper: TextSweeper
    /// The range of the text index that is made again.
    var renewal: TextRenewal?
    /// Whether parts are to be looked through for texts.
    private let indexesText: Bool
    /// Counts the parts that are still to be looked through.
    let backlog: Backlog
    /// Parts that the open transaction leaves to be looked through.
    var pendingAdded = 0
    private var nextNumber: Int64
    private var savedNumber: Int64
    private var projectCount: Int
    var projects = NameTable("projects")
    var rows = TraceRows()
    var resources = EnvelopeTable("resources", "resource_id")
    var scopes = EnvelopeTable("scopes", "scope_id")
    /// Of the batch that is being staged.
    private var places = FingerprintPlaces()
    private var touched: [TraceEntry] = []
    private var created: [TraceEntry] = []
    /// Told of what a transaction changed, once it is committed.
    private let feed: RecentChanges
    /// Told of them too; nil when nothing is compressed again.
    var recompaction: RecompactionSchedule?
    var changes: [TraceChange] = []
    /// Traces made in the open transaction whose state was let go.
    private var flushed: [(id: TraceID, project: Int64)] = []
    /// Traces of one request whose state is held at a time.
    private static let mostHeld = 8192
    private var begin = KeptStatement("BEGIN IMMEDIATE")
    private var end = KeptStatement("COMMIT")
    private var insertPart = KeptStatement(
        "INSERT INTO parts(span_count, \(StoredPart.columns), kind) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?)"
    )
    private var insertPending = KeptStatement("INSERT INTO pending(part_id) VALUES(?)")

    /// Takes over a connection whose schema is ready; the directory may still be being filled.
    init(
        connection: SQLiteConnection,
        directory: TraceDirectory,
        versions: StoredVersions,
        limits: StoreLimits,
        indexesText: Bool = true,
        feed: RecentChanges = RecentChanges()
    ) throws(StoreError) {
        self.connection = connection
        self.indexesText = indexesText
        self.feed = feed
        self.directory = directory
        self.versions = versions
        self.limits = limits
        cache = TraceCache(limitBytes: limits.cacheBytes)
        backlog = Backlog(waiting: Int(try connection.integer("SELECT count(*) FROM pending") ?? 0))
        sweeper = try TextSweeper(connection)
        nextNumber = max(1, try connection.integer("SELECT value FROM meta WHERE key='next_trace_no'") ?? 1)
        savedNumber = nextNumber
        projectCount = Int(try connection.integer("SELECT count(*) FROM projects") ?? 0)
        sealer = BucketSealer(open: try TraceDirectory.openBucket(connection), bucketSize: directory.bucketSize)
        removing = try RemovalMark.read(RemovalMark.key, connection)
        expiring = try RemovalMark.read(RemovalMark.expiringKey, connection)
    }

    /// Whether there is work to do while nothing arrives.
    var hasBackgroundWork: Bool { sealer.isDue(next: nextNumber) || mover.isDue(directory) || sweeper.isDue }

    /// Pages in the write-ahead log.
    private(set) var logPages: Int32 = 0

    /// The traces of a batch that the store has, but whose state is not in memory.
    ///
    /// Asked again right before the batch is written: what was there may have been dropped by a failed transaction.
    func forgottenTraces(of batch: SpanBatch) throws(StoreError) -> Set<Int64> {
        try directory.wait()
        var missing: Set<Int64> = []
        for group in batch.groups {
            guard let project = try projects.id(of: group.project, in: connection, isAdding: false) else { continue }
            if let number = try storedNumber(of: group.traceID, project: project) {
                if entry(number) == nil { missing.insert(number) }
            } else {
                absent.insert(group.traceID, project: project)
            }
        }
        return missing
    }

    /// Takes the state of a trace that was read again.
    func restore(_ number: Int64, _ loaded: LoadedTrace) {
        guard let identity = loaded.identity, entry(number) == nil else { return }
        let entry = TraceEntry(number: number, project: identity.project, id: identity.id, loaded: loaded)
        cache.insert(entry)
    }

    /// Keeps a trace in memory, whatever the cache forgets.
    func pin(_ number: Int64) {
        pinned[number] = entry(number)
    }

    /// Lets the cache forget a trace again.
    func unpin(_ number: Int64) {
        if let entry = pinned.removeValue(forKey: number), cache.entry(number) == nil { cache.insert(entry) }
    }

    /// Stores batches in one transaction; one receipt for each.
    ///
    /// - Throws: `StoreError`; nothing is stored then, and memory is as before.
    func write(_ requests: [WriteRequest]) throws(StoreError) -> [ConsumeReceipt] {
        try transaction { () throws(StoreError) in
            var receipts: [ConsumeReceipt] = []
            for request in requests { receipts.append(try stage(request, isAlone: requests.count == 1)) }
            for entry in touched { try save(entry) }
            try sealer.advance(connection, directory, next: nextNumber)
            try mover.advance(connection, directory)
            try sweeper.advance(connection)
            try saveCounter()
            for (project, bytes) in addedBytes { try addPartBytes(bytes, of: project) }
            return receipts
        }
    }

    /// Runs something that changes the database, in one transaction.
    ///
    /// - Throws: `StoreError`; nothing is changed then, and memory is as before.
    func transaction<Result>(_ body: () throws(StoreError) -> Result) throws(StoreError) -> Result {
        try directory.wait()
        do throws(StoreError) {
            try begin.on(connection).run()
            let result = try body()
            try rows.saveDerived(in: connection)
            try end.on(connection).run()
            didCommit()
            return result
        } catch {
            rollback()
            throw error
        }
    }

    /// Forgets a trace that is not stored any more.
    func forget(_ number: Int64, _ id: TraceID, project: Int64) {
        forget(number)
        directory.remove(id, project: project)
    }

    /// Forgets the state of a trace, which is read again when it is needed.
    func forget(_ number: Int64) {
        cache.remove(number)
        pinned[number] = nil
    }

    /// Moves the log into the database, and gives back the statements that hold the connection.
    func close() {
        sqlite3_wal_checkpoint_v2(connection.handle, nil, SQLITE_CHECKPOINT_TRUNCATE, nil, nil)
        connection.forgetStatements()
    }

    // MARK: one batch

    private func stage(_ request: WriteRequest, isAlone: Bool) throws(StoreError) -> ConsumeReceipt {
        var receipt = ConsumeReceipt()
        let batch = request.batch
        places = FingerprintPlaces()
        for (index, group) in batch.groups.enumerated() {
            guard let project = try projectID(group.project) else {
                receipt.reject(
                    group.spans.count,
                    "project not made: there are \(limits.maxProjects) already (limits.max_projects)"
                )
                continue
            }
            let entry = try entry(for: group.traceID, project: project)
            if entry.isContentExpired, let lateContent {
                try stage(lateContent, group, of: batch, into: entry, &receipt)
                continue
            }
            for part in request.parts[index] {
                switch batch.kind {
                case .spans: try stage(part, of: batch, into: entry, &receipt)
                case .logRecords: try stage(records: part, of: batch, into: entry, &receipt)
                }
            }
            if entry.isTouched { entry.displays += group.roots }
            if isAlone, touched.count >= Self.mostHeld { try flush() }
        }
        return receipt
    }

    /// Stages spans of a trace whose content has expired, without theirs.
    private func stage(
        _ lateContent: LateContent,
        _ group: TraceGroup,
        of batch: SpanBatch,
        into entry: TraceEntry,
        _ receipt: inout ConsumeReceipt
    ) throws(StoreError) {
        // Log records are content as a whole: as good as there already.
        guard batch.kind == .spans else { return receipt.duplicates += group.spans.count }
        let late = try lateContent.prepare(group, of: batch)
        receipt.rejected = receipt.rejected + late.refused
        places = FingerprintPlaces()
        for part in late.parts { try stage(part, of: late.batch, into: entry, &receipt) }
        places = FingerprintPlaces()
        if entry.isTouched, let group = late.batch.groups.first { entry.displays += group.roots }
    }

    private func stage(
        _ part: EncodedPart,
        of batch: SpanBatch,
        into entry: TraceEntry,
        _ receipt: inout ConsumeReceipt
    ) throws(StoreError) {
        guard entry.assembly.spanCount + part.spans.count <= limits.maxSpansPerTrace,
            Int64(entry.nextPart) < PartKey.limit
        else {
            receipt.reject(
                part.spans.count,
                "trace has \(entry.assembly.spanCount) spans, limit is \(limits.maxSpansPerTrace) (limits.max_spans_per_trace)"
            )
            return
        }
        let number = entry.nextPart
        var isNew = false
        for index in part.spans {
            let outcome = entry.assembly.insert(index, of: batch, part: number) { stored in
                guard stored.part == number else {
                    return versions.isGreater(batch, index, than: stored, of: entry, in: self)
                }
                let place = places.first(stored.fingerprint, in: batch.facts)
                return batch.isGreater(index, than: stored, at: place, in: batch)
            }
            guard outcome != .duplicate else {
                receipt.duplicates += 1
                continue
            }
            receipt.stored += 1
            isNew = true
            // At once: what fails behind this must not leave the span in memory, where it would pass for stored.
            touch(entry)
            if outcome != .superseded, part.hashes != nil { try note(index, of: batch, in: entry) }
        }
        guard isNew else { return }
        entry.nextPart += 1
        try insert(part, of: batch, key: PartKey.key(entry.number, number))
        addedBytes[entry.project, default: 0] += Int64(part.payload.count)
    }

    /// Puts log records beside the spans of a trace, which may come later.
    ///
    /// A record that was sent twice is kept twice, and shown once.
    private func stage(
        records part: EncodedPart,
        of batch: SpanBatch,
        into entry: TraceEntry,
        _ receipt: inout ConsumeReceipt
    ) throws(StoreError) {
        guard entry.recordCount + part.spans.count <= limits.maxRecordsPerTrace,
            Int64(entry.nextPart) < PartKey.limit
        else {
            receipt.reject(
                part.spans.count,
                "trace has \(entry.recordCount) log records with content, limit is \(limits.maxRecordsPerTrace)"
            )
            return
        }
        touch(entry)
        entry.recordCount += part.spans.count
        receipt.stored += part.spans.count
        try insert(part, of: batch, key: PartKey.key(entry.number, entry.nextPart))
        addedBytes[entry.project, default: 0] += Int64(part.payload.count)
        entry.nextPart += 1
    }

    private func insert(_ part: EncodedPart, of batch: SpanBatch, key: Int64) throws(StoreError) {
        let runs = try storedRuns(of: part, in: batch)
        let insert = try insertPart.on(connection)
        insert.bind(1, part.spans.count)
        insert.bind(2, key)
        insert.bind(3, blob: part.spanIDs)
        insert.bind(4, blob: runs.encoded)
        insert.bind(5, part.encoding.rawValue)
        insert.bind(6, part.dictionary)
        insert.bind(7, part.plainLength)
        insert.bind(9, PartKind(batch.kind).rawValue)
        try insert.run(8, borrowing: part.payload)
        if let hashes = part.hashes { try analysis.save(hashes: hashes, ofPart: key, connection) }
        // Log records have nothing but texts.
        guard indexesText || (part.hashes == nil && batch.kind == .spans) else { return }
        let pend = try insertPending.on(connection)
        pend.bind(1, key)
        try pend.run()
        pendingAdded += 1
    }

    /// The runs of a part as they are stored, with the resources and scopes that are new.
    func storedRuns(of part: EncodedPart, in batch: SpanBatch) throws(StoreError) -> [PartRun] {
        var runs = part.runs
        for index in runs.indices {
            runs[index].resource = try resources.id(of: batch.resources[Int(runs[index].resource)], in: connection)
            runs[index].scope = try scopes.id(of: batch.scopes[Int(runs[index].scope)], in: connection)
        }
        return runs
    }

    /// Writes what the traces so far come to and lets go of their state, so that one request with a great many traces
    /// does not hold them all.
    ///
    /// Within one request each trace comes once, so none of them is asked for again before the end.
    private func flush() throws(StoreError) {
        for entry in touched {
            try save(entry)
            cache.remove(entry.number)
            pinned[entry.number] = nil
            entry.isTouched = false
            entry.displays = []
        }
        for entry in created where entry.isKept { flushed.append((entry.id, entry.project)) }
        touched.removeAll(keepingCapacity: true)
        created.removeAll { $0.isKept }
    }

    // MARK: one trace

    func entry(_ number: Int64) -> TraceEntry? {
        cache.entry(number) ?? pinned[number]
    }

    private func projectID(_ name: String) throws(StoreError) -> Int64? {
        if let id = try projects.id(of: name, in: connection, isAdding: false) { return id }
        guard projectCount < limits.maxProjects else { return nil }
        projectCount += 1
        return try projects.id(of: name, in: connection)
    }

    func storedNumber(of id: TraceID, project: Int64) throws(StoreError) -> Int64? {
        let isAbsent = absent.contains(id, project: project)
        let (number, sealed) = directory.find(id, project: project, isAbsent: isAbsent)
        guard number == nil, let sealed else { return number }
        return try directory.sealedNumber(of: id, project: project, sealed, connection)
    }

    private func entry(for id: TraceID, project: Int64) throws(StoreError) -> TraceEntry {
        if let number = try storedNumber(of: id, project: project) {
            if let known = entry(number) { return known }
            throw StoreError(code: .unavailable, message: "trace \(number) is being read again: try once more")
        }
        let made = TraceEntry(number: nextNumber, project: project, id: id, loaded: nil)
        nextNumber += 1
        directory.insert(id, project: project, number: made.number)
        cache.insert(made)
        created.append(made)
        return made
    }

    func touch(_ entry: TraceEntry) {
        guard !entry.isTouched else { return }
        entry.isTouched = true
        touched.append(entry)
    }

    func save(_ entry: TraceEntry) throws(StoreError) {
        try rows.loadLinks(connection)
        // A batch whose spans of this trace were all rejected leaves no empty trace behind.
        guard entry.isKept else { return }
        guard entry.hasSpans else { return try rows.saveWithoutSpans(entry, in: connection) }
        changes.append(entry.shown == nil ? .new(entry.number) : .changed(entry.number))
        entry.assembly.settle()
        let summary = entry.assembly.summary
        try rows.save(entry, summary, in: connection)
        try savePrompts(of: entry)
        let shown = ShownRoot(summary)
        guard shown != entry.shown else { return }
        let display = entry.displays.first {
            $0.spanID == shown.spanID && $0.fingerprint == shown.fingerprint
        }
        let root = if let display { display } else { try versions.display(of: summary.root, of: entry, in: self) }
        try rows.saveRoot(entry, summary, root, in: connection)
        entry.shown = shown
    }

    private func saveCounter() throws(StoreError) {
        guard nextNumber != savedNumber else { return }
        let save = try connection.statement("INSERT OR REPLACE INTO meta(key, value) VALUES('next_trace_no', ?)")
        save.bind(1, nextNumber)
        try save.run()
    }

    // MARK: the end of a transaction

    private func didCommit() {
        savedNumber = nextNumber
        for entry in created where !entry.isKept {
            directory.remove(entry.id, project: entry.project)
            cache.remove(entry.number)
        }
        for entry in touched {
            entry.isTouched = false
            entry.hasRow = true
            cache.touched(entry)
        }
        backlog.added(pendingAdded)
        backlog.resume()
        feed.publish(changes)
        recompaction?.note(changes)
        forgetTransaction()
        sealer.commit(directory)
        mover.commit(directory)
        sweeper.commit()
        analysis.commit()
        projects.commit()
        rows.commit()
        resources.commit()
        scopes.commit()
        logPages = connection.logPages
        cache.trim()
    }

    private func rollback() {
        if sqlite3_get_autocommit(connection.handle) == 0 {
            sqlite3_exec(connection.handle, "ROLLBACK", nil, nil, nil)
        }
        for entry in touched {
            cache.remove(entry.number)
            pinned[entry.number] = nil
        }
        for entry in created {
            directory.remove(entry.id, project: entry.project)
            cache.remove(entry.number)
        }
        for trace in flushed { directory.remove(trace.id, project: trace.project) }
        versions.forget()
        nextNumber = savedNumber
        forgetTransaction()
        sealer.rollback()
        mover.rollback()
        sweeper.rollback()
        analysis.rollback()
        projects.rollback()
        rows.rollback()
        resources.rollback()
        scopes.rollback()
        // Unknown now; asked again when the next project is made.
        projectCount = Int((try? connection.integer("SELECT count(*) FROM projects")) ?? Int64(projectCount))
    }

    private func forgetTransaction() {
        for entry in touched {
            entry.displays = []
            entry.prompts = []
        }
        addedBytes.removeAll(keepingCapacity: true)
        touched.removeAll(keepingCapacity: true)
        created.removeAll(keepingCapacity: true)
        changes.removeAll(keepingCapacity: true)
        flushed.removeAll()
        absent.removeAll()
        pendingAdded = 0
    }
}
