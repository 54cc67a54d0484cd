// TraceCache.swift - the assembled state of traces that were active lately.

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
    fileprivate var bytes = 0

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

/// A cache in two generations: what is used moves to the young one, and when that is full the old one is dropped.
///
/// Least recently used, at the cost of a dictionary look-up. Bounded in bytes.
struct TraceCache {
    private var young: [Int64: TraceEntry] = [:]
    private var old: [Int64: TraceEntry] = [:]
    private var youngBytes = 0
    private let limitBytes: Int

    /// Makes a cache that holds about `limitBytes`.
    init(limitBytes: Int) {
        self.limitBytes = limitBytes
    }

    /// The entry of a trace; using it keeps it.
    mutating func entry(_ number: Int64) -> TraceEntry? {
        if let entry = young[number] { return entry }
        guard let entry = old.removeValue(forKey: number) else { return nil }
        insert(entry)
        return entry
    }

    mutating func insert(_ entry: TraceEntry) {
        young[entry.number] = entry
        entry.bytes = entry.assembly.approximateBytes + 256
        youngBytes += entry.bytes
    }

    /// Takes note of an entry's growth.
    mutating func touched(_ entry: TraceEntry) {
        let bytes = entry.assembly.approximateBytes + 256
        youngBytes += bytes - entry.bytes
        entry.bytes = bytes
    }

    mutating func remove(_ number: Int64) {
        if let entry = young.removeValue(forKey: number) {
            youngBytes -= entry.bytes
        }
        old[number] = nil
    }

    /// Forgets what has not been used lately, when there is too much.
    ///
    /// Only between transactions.
    mutating func trim() {
        guard youngBytes > limitBytes / 2 else { return }
        old = young
        young = [:]
        youngBytes = 0
    }

    /// Keeps only the newest traces, in about so many bytes.
    ///
    /// Only between transactions.
    mutating func shrink(to bytes: Int) {
        let all = young.merging(old) { young, _ in young }
        (young, old, youngBytes) = ([:], [:], 0)
        for entry in all.values.sorted(by: { $0.number > $1.number }) {
            guard youngBytes + entry.bytes <= bytes else { return }
            insert(entry)
        }
    }
}
