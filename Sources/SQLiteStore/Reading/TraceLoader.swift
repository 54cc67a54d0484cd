// TraceLoader.swift - a stored trace back to its assembled state.

import Foundation
import GRDB
import TraceAssembly
import TraceModel
import TraceStore

/// A trace as its parts tell it.
struct LoadedTrace: Sendable {
    var identity: TraceIdentity?
    var assembly = AssembledTrace()
    /// The number of the next part.
    var nextPart: UInt32 = 0
    /// Log records that are kept with its spans.
    var recordCount = 0
    /// Every stored version with its place; filled only when asked for.
    var versions: [StoredVersion] = []
    /// What its calls cost by the prices of now; filled only when asked for.
    var presentPrices: [CallPrice] = []
    /// What calls cost on arrival, by number, where that was changed since.
    var charged: [UInt32: PicoUSD] = [:]
}

/// Where one version of a span is stored.
struct StoredVersion: Sendable {
    var facts: SpanFacts
    var part: UInt32
    var index: Int
    /// What its call says besides.
    var extras = CallExtras()
}

/// What the assembly does not keep of a call.
struct CallExtras: Sendable {
    var finishReasons = FewStrings()
    var serviceTier: String?
    var cacheWriteOneHour: Int64?
    var audioInput: Int64?
    var audioOutput: Int64?

    init() {}

    init(_ call: LLMCall) {
        finishReasons = call.finishReasons
        serviceTier = call.serviceTier
        cacheWriteOneHour = call.usage.cacheWriteOneHour
        audioInput = call.usage.audioInput
        audioOutput = call.usage.audioOutput
    }

    /// Puts it back.
    func fill(_ call: inout LLMCall) {
        call.finishReasons = finishReasons
        call.serviceTier = serviceTier
        call.usage.cacheWriteOneHour = cacheWriteOneHour
        call.usage.audioInput = audioInput
        call.usage.audioOutput = audioOutput
    }
}

/// Reads the parts of a trace and assembles them again.
///
/// Blocking: call it where blocking is fine.
struct TraceLoader: Sendable {
    let pool: DatabasePool
    let decoder: PartDecoder
    let extraction: any SpanExtraction
    /// Looks at spans for what filters ask for; nil where none do.
    var analysis: (any PartAnalysis)?

    /// Parts, and bytes before compression, read in one transaction: none stays open for long or holds much.
    private static let slice = 512
    static let sliceBytes = 8 << 20

    /// Loads the assembled state and nothing else of its parts; throws as the other.
    func load(
        _ number: Int64,
        keepingVersions: Bool,
        pricing: Bool = false,
        isCancelled: () -> Bool = { false }
    ) throws -> LoadedTrace? {
        var nothing = KeptBatches(mostBytes: 0)
        return try load(
            number,
            keepingVersions: keepingVersions,
            pricing: pricing,
            batches: &nothing,
            isCancelled: isCancelled
        )
    }

    /// Loads the assembled state; with `keepingVersions` also where each version is stored.
    ///
    /// Its calls cost what they did when they were stored, or what they were repriced to.
    ///
    /// - Parameters:
    ///   - number: The trace.
    ///   - keepingVersions: Whether the place of each version is wanted.
    ///   - pricing: Whether it is wanted what the calls cost by the prices of now.
    ///   - kept: Keeps what the parts hold, of the same state as what is returned.
    ///   - isCancelled: Asked between two slices.
    /// - Returns: Nil when the trace is not there.
    /// - Throws: `CancellationError`, `StoreError`, or what SQLite says.
    func load(
        _ number: Int64,
        keepingVersions: Bool,
        pricing: Bool = false,
        batches kept: inout KeptBatches,
        isCancelled: () -> Bool
    ) throws -> LoadedTrace? {
        var loaded = LoadedTrace()
        var others = ExtractedParts()
        kept.forget()
        var next = PartKey.first(of: number)
        var isEnd = false
        while !isEnd, !isCancelled() {
            guard let slice = try slice(of: number, from: next, identity: loaded.identity) else { return nil }
            loaded.identity = slice.identity
            for (key, batch) in slice.parts.batches {
                let place = PartPlace(trace: number, part: PartKey.number(key), identity: slice.identity)
                try add(batch, at: place, to: &loaded, &others, keepingVersions: keepingVersions)
                kept.keep(batch, of: place.part)
                next = key + 1
            }
            isEnd = slice.parts.isEnd
        }
        guard !isCancelled() else { throw CancellationError() }
        let (stored, after) = try pool.read { db in
            try countParts(db, of: number, &loaded)
            return (try StoredPrices.fetch(db, of: number), try TraceIdentity.fetch(db, number))
        }
        // Deleted, or without its content, while it was read.
        guard let after else { return nil }
        guard after.content == loaded.identity?.content else {
            return try load(
                number,
                keepingVersions: keepingVersions,
                pricing: pricing,
                batches: &kept,
                isCancelled: isCancelled
            )
        }
        loaded.assembly.settle()
        if pricing { loaded.presentPrices = loaded.assembly.callPrices }
        _ = loaded.assembly.replacePrices(with: stored.prices)
        loaded.charged = stored.charged
        // The rows of its calls are in the file, with the same numbers.
        _ = loaded.assembly.takeCallChanges()
        return loaded
    }

    /// Some parts of a trace, of one moment.
    private struct TraceSlice {
        var identity: TraceIdentity
        var parts: DecodedParts
    }

    /// The next parts of a trace; nil when it is gone, or being removed, so that the rest of a frame may be gone.
    private func slice(of number: Int64, from: Int64, identity known: TraceIdentity?) throws -> TraceSlice? {
        do {
            return try pool.read { db in
                guard let identity = try known ?? TraceIdentity.fetch(db, number) else { return nil }
                let end = PartKey.end(of: number)
                let parts = try parts(db, from: from, to: end, identity, limit: Self.slice)
                return TraceSlice(identity: identity, parts: parts)
            }
        } catch {
            guard try pool.read({ try TraceIdentity.fetch($0, number) }) != nil else { return nil }
            throw error
        }
    }

    /// Notes the parts of log records, which may be the last ones.
    private func countParts(_ db: Database, of number: Int64, _ loaded: inout LoadedTrace) throws {
        let range: StatementArguments = [PartKey.first(of: number), PartKey.end(of: number)]
        let last = "SELECT max(part_id) FROM parts WHERE part_id >= ? AND part_id < ?"
        if let key = try Int64.fetchOne(db.cachedStatement(sql: last), arguments: range) {
            loaded.nextPart = PartKey.number(key) + 1
        }
        let records = """
            SELECT ifnull(sum(span_count), 0) FROM parts INDEXED BY parts_of_logs
            WHERE part_id >= ? AND part_id < ? AND kind = 1
            """
        loaded.recordCount = try Int.fetchOne(db.cachedStatement(sql: records), arguments: range) ?? 0
    }

    /// Some parts, decoded.
    struct DecodedParts {
        var batches: [(key: Int64, batch: SpanBatch)] = []
        /// Whether there are no more of them.
        var isEnd = true
    }

    /// Decodes one part of spans; nil when it is not there.
    func batch(
        _ db: Database,
        _ key: Int64,
        _ identity: TraceIdentity,
        references: ReaderReferences? = nil
    ) throws -> SpanBatch? {
        try parts(db, from: key, to: key + 1, identity, limit: 1, references: references).batches.first?.batch
    }

    /// Decodes some parts of spans of a trace, in the order of their keys.
    ///
    /// With `wholeFrames` it goes on, beyond the limits, to the end of a frame that parts share.
    func parts(
        _ db: Database,
        from: Int64,
        to end: Int64,
        _ identity: TraceIdentity,
        limit: Int,
        bytes mostBytes: Int = sliceBytes,
        wholeFrames: Bool = false,
        references known: ReaderReferences? = nil
    ) throws -> DecodedParts {
        let statement = try db.cachedStatement(
            sql: """
                SELECT \(StoredPart.columns) FROM parts WHERE part_id >= ? AND part_id < ? AND kind = 0 \
                ORDER BY part_id LIMIT ?
                """
        )
        let rows = try Row.fetchCursor(statement, arguments: [from, end, wholeFrames ? -1 : limit])
        let references = known ?? ReaderReferences(db: db)
        var found = DecodedParts()
        var bytes = 0
        while let row = try rows.next() {
            let isFull = bytes >= mostBytes || found.batches.count >= limit
            if isFull, !wholeFrames || row[3] as Int64 != PartEncoding.shared.rawValue {
                found.isEnd = false
                break
            }
            bytes += row[5] as Int
            try row.withStoredPart { part in
                let batch = try decoder.batch(of: part, trace: identity.id, project: identity.projectName, references)
                found.batches.append((part.key, batch))
            }
        }
        // The statement itself may have ended at the limit.
        if !wholeFrames, found.batches.count >= limit { found.isEnd = false }
        return found
    }

    private func add(
        _ batch: SpanBatch,
        at place: PartPlace,
        to loaded: inout LoadedTrace,
        _ others: inout ExtractedParts,
        keepingVersions: Bool
    ) throws {
        let read = try extraction.extract(batch)
        var own = FingerprintPlaces()
        for index in read.facts.indices {
            let facts = read.facts[index]
            loaded.assembly.insert(index, of: read, part: place.part) { stored in
                guard stored.part == place.part else { return isGreater(read, index, than: stored, place, &others) }
                let known = own.first(stored.fingerprint, in: read.facts)
                return read.isGreater(index, than: stored, at: known, in: read)
            }
            if keepingVersions {
                let extras = facts.call < 0 ? CallExtras() : CallExtras(read.calls[Int(facts.call)])
                loaded.versions.append(StoredVersion(facts: facts, part: place.part, index: index, extras: extras))
            }
        }
    }

    /// The last tie-break between versions in two parts: the greater bytes win.
    private func isGreater(
        _ batch: SpanBatch,
        _ index: Int,
        than stored: SpanVersion,
        _ place: PartPlace,
        _ others: inout ExtractedParts
    ) -> Bool {
        others.isGreater(batch, index, than: stored, of: place.trace) {
            try extracted(PartKey.key(place.trace, stored.part), place.identity)
        }
    }

    /// Reads one part of spans again.
    private func extracted(_ key: Int64, _ identity: TraceIdentity) throws -> SpanBatch {
        let found = try pool.read { db in
            try batch(db, key, identity)
        }
        guard let found else { throw StoreError(code: .unavailable, message: "part \(key) is gone") }
        return try extraction.extract(found)
    }
}

/// Finds what a part refers to on a reading connection.
struct ReaderReferences: PartReferences {
    let db: Database
    let frames = FrameCache()

    func frame(_ key: Int64) throws -> StoredFrame {
        guard let row = try Row.fetchOne(db.cachedStatement(sql: StoredFrame.sql), arguments: [key]) else {
            throw StoredFrame.missing(key)
        }
        let payload: Data = row[1]
        return StoredFrame(dictionary: row[0], payload: [UInt8](payload))
    }

    func envelope(_ kind: EnvelopeKind, _ id: Int64) throws -> SpanEnvelope {
        guard let row = try Row.fetchOne(db, sql: kind.sql, arguments: [id]) else {
            throw StoreError(code: .unavailable, message: "the database is damaged: \(kind.rawValue) \(id) is gone")
        }
        let bytes: Data = row[1]
        return SpanEnvelope(bytes: [UInt8](bytes), fingerprint: UInt64(bitPattern: row[0] as Int64))
    }

    func dictionaryBytes(_ id: Int64) throws -> [UInt8] {
        let sql = "SELECT bytes FROM dictionaries WHERE dictionary_id=?"
        guard let bytes = try Data.fetchOne(db, sql: sql, arguments: [id]) else {
            throw StoreError(code: .unavailable, message: "the database is damaged: dictionary \(id) is gone")
        }
        return [UInt8](bytes)
    }
}

/// Which part of which trace is being added.
struct PartPlace {
    var trace: Int64
    var part: UInt32
    var identity: TraceIdentity
}

/// What identifies a trace by number.
struct TraceIdentity: Sendable {
    var id: TraceID
    var project: Int64
    var projectName: String
    /// Whether its content is there.
    var content = StoredContent.kept

    static func fetch(_ db: Database, _ number: Int64) throws -> TraceIdentity? {
        let sql =
            "SELECT trace_id, project_id, name, content FROM traces JOIN projects USING(project_id) WHERE trace_no=?"
        guard let row = try Row.fetchOne(db.cachedStatement(sql: sql), arguments: [number]) else { return nil }
        let bytes: Data = row[0]
        // A trace that is being removed has no id any more.
        return TraceID(bytes: bytes).map { id in
            TraceIdentity(
                id: id,
                project: row[1],
                projectName: row[2],
                content: StoredContent(rawValue: row[3]) ?? .kept
            )
        }
    }
}

extension Row {
    /// Lends the columns of `StoredPart.columns`.
    func withStoredPart<Result>(_ body: (StoredPart) throws -> Result) throws -> Result {
        try withUnsafeData(atIndex: 1) { ids in
            try withUnsafeData(atIndex: 2) { runs in
                try withUnsafeData(atIndex: 6) { payload in
                    try (ids ?? Data()).withUnsafeBytes { ids in
                        try (runs ?? Data()).withUnsafeBytes { runs in
                            try (payload ?? Data()).withUnsafeBytes { payload in
                                try body(
                                    StoredPart(
                                        key: self[0],
                                        spanIDs: ids,
                                        runs: runs,
                                        encoding: self[3],
                                        dictionary: self[4],
                                        plainLength: self[5],
                                        payload: payload
                                    )
                                )
                            }
                        }
                    }
                }
            }
        }
    }
}
