// TraceCache.swift - the assembled state of traces that were active lately.

import NIOCore
import TraceAssembly
import TraceModel
import TraceStore

/// The state of one trace on the writer's thread.
final class TraceEntry {
    let number: Int64
    let project: Int64
    let id: TraceID
    var assembly: AssembledTrace
    var nextPart: UInt32
    /// Log records that are kept with its spans.
    var recordCount: Int
    /// Whether its rows are in the file, or in the open transaction.
    var hasRow: Bool
    /// The start in its row; nil when it is not known here.
    var savedStart: Int64?
    /// What `roots` shows now; nil when it has no row.
    var shown: ShownRoot?
    /// Displays of spans that may stand for it, of the batches in the open transaction.
    var displays: [RootDisplay] = []
    /// The prompts of its calls, of the batches in the open transaction.
    var prompts: [SpanPrompt] = []
    /// Whether its content has expired, so that what comes late loses it before it is stored.
    let isContentExpired: Bool
    /// Whether the open transaction changed it.
    var isTouched = false
    /// What the cache counts for it.
    fileprivate var bytes = 0
    /// Whether it was used since the cache looked at it last.
    fileprivate var isUsed = false
    /// The transaction that used it last, as the cache counts them.
    fileprivate var lastUse = 0
    /// Whether the cache has it.
    fileprivate var isCached = false

    /// A trace of which only log records have arrived has none, and is not shown.
    var hasSpans: Bool { assembly.spanCount > 0 }

    /// A trace whose spans were all rejected holds nothing, and gets no row.
    var isKept: Bool { hasSpans || recordCount > 0 }

    init(number: Int64, project: Int64, id: TraceID, loaded: LoadedTrace?) {
        self.number = number
        self.project = project
        self.id = id
        assembly = loaded?.assembly ?? AssembledTrace()
        nextPart = loaded?.nextPart ?? 0
        recordCount = loaded?.recordCount ?? 0
        hasRow = loaded != nil
        isContentExpired = (loaded?.identity?.content ?? .kept) != .kept
        // Without spans there is no row of `roots` yet.
        if let loaded, loaded.assembly.spanCount > 0 { shown = ShownRoot(loaded.assembly.summary) }
    }
}

/// The hash of the prompt of a span that is a call.
struct SpanPrompt {
    var span: SpanID
    var hash: Int64
    /// Whether it comes from a preview of the span, which never replaces what is there.
    var isPreview: Bool
}

/// What a row of `roots` depends on.
struct ShownRoot: Equatable {
    var spanID: SpanID
    var fingerprint: UInt64
    var isProvisional: Bool
    var session: String?
    var user: String?

    init(_ summary: AssembledSummary) {
        spanID = summary.root.spanID
        fingerprint = summary.root.fingerprint
        isProvisional = summary.root.isProvisional
        session = summary.session
        user = summary.user
    }
}

/// The traces of late, in about so many bytes: who was not used since the last round goes, some with each transaction.
///
/// All at once would keep a transaction's senders waiting for tens of milliseconds.
struct TraceCache {
    private var entries: [Int64: TraceEntry] = [:]
    /// In the order in which they are looked at; what was removed meanwhile stands there still, and counts.
    private var queue = CircularBuffer<TraceEntry>()
    private var bytes = 0
    private let limitBytes: Int
    /// Transactions so far.
    private var transaction = 0
    /// How many entries came since the last one.
    private var inserted = 0

    /// Entries that a transaction looks at beside four for each that came.
    private static let looks = 64

    /// Makes a cache that holds about `limitBytes`.
    init(limitBytes: Int) {
        self.limitBytes = limitBytes
    }

    /// The entry of a trace; using it keeps it.
    mutating func entry(_ number: Int64) -> TraceEntry? {
        guard let entry = entries[number] else { return nil }
        entry.isUsed = true
        entry.lastUse = transaction
        return entry
    }

    mutating func insert(_ entry: TraceEntry) {
        if let before = entries.updateValue(entry, forKey: entry.number) {
            guard before !== entry else { return touched(entry) }
            before.isCached = false
        }
        entry.isCached = true
        entry.isUsed = false
        entry.lastUse = transaction
        entry.bytes = Self.bytes(of: entry)
        bytes += entry.bytes
        inserted += 1
        queue.append(entry)
    }

    /// Takes note of an entry's growth.
    mutating func touched(_ entry: TraceEntry) {
        guard entry.isCached else { return }
        let now = Self.bytes(of: entry)
        bytes += now - entry.bytes
        entry.bytes = now
    }

    mutating func remove(_ number: Int64) {
        entries.removeValue(forKey: number)?.isCached = false
    }

    /// Forgets some of what was not used lately, when there is too much, but nothing that this transaction used.
    ///
    /// Only between transactions.
    mutating func trim() {
        var looks = Self.looks + inserted * 4
        while bytes > limitBytes, looks > 0, let entry = queue.popFirst() {
            looks -= 1
            if entry.isCached, entry.lastUse == transaction || entry.isUsed {
                entry.isUsed = false
                queue.append(entry)
            } else {
                bytes -= entry.bytes
                if entry.isCached { remove(entry.number) }
            }
        }
        transaction += 1
        inserted = 0
    }

    /// Keeps only the newest traces, in about so many bytes.
    ///
    /// Only between transactions.
    mutating func shrink(to most: Int) {
        var kept: [TraceEntry] = []
        var keptBytes = 0
        for entry in entries.values.sorted(by: { $0.number > $1.number }) {
            entry.isCached = false
            guard keptBytes + entry.bytes <= most else { continue }
            keptBytes += entry.bytes
            kept.append(entry)
        }
        (entries, queue, bytes) = ([:], CircularBuffer(), 0)
        for entry in kept.reversed() { insert(entry) }
        inserted = 0
    }

    private static func bytes(of entry: TraceEntry) -> Int { entry.assembly.approximateBytes + 256 }
}
