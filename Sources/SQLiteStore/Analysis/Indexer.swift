// Indexer.swift - looks parts through behind the writer, on a thread of its own.

import CAllocatorSetup
import Foundation
import Logging
import TraceModel
import TraceStore

/// Takes parts that are still to be looked through, in the order of their keys, and hands what it found to the writer.
///
/// Its thread has the lowest priority and sleeps while nothing waits. What it holds is bounded by a slice.
///
/// `@unchecked Sendable`: after `start` only its own thread touches its state; others reach it through `backlog`.
final class Indexer: @unchecked Sendable {
    /// How long the writer should take for a slice.
    private static let targetNanoseconds: UInt64 = 15_000_000

    private let parts: PendingParts
    private let backlog: Backlog
    private let queue: WriteQueue
    private let wantsTexts: Bool
    private let logger: Logger
    private let end = StoreStatus()
    private var analyser: any PartAnalyser
    private var seen = SeenTexts()
    /// The round that `seen` belongs to.
    private var round = 0
    private var words = DocumentWords()
    /// Parts of the next slice.
    private var limit = 64

    /// Makes an indexer that does nothing yet.
    ///
    /// - Throws: `StoreError` when the database or memory is not to be had.
    init(
        parts: PendingParts,
        analysis: any PartAnalysis,
        backlog: Backlog,
        queue: WriteQueue,
        wantsTexts: Bool,
        logger: Logger
    ) throws(StoreError) {
        self.parts = parts
        self.backlog = backlog
        self.queue = queue
        self.wantsTexts = wantsTexts
        self.logger = logger
        do {
            analyser = try analysis.makeAnalyser()
        } catch {
            throw StoreError(reading: error)
        }
    }

    func start() {
        let thread = Thread {
            Thread.current.name = "skein-indexer"
            BackgroundThread.giveWay()
            self.run()
        }
        // Conversations nest as deep as their JSON does.
        thread.stackSize = 4 << 20
        thread.start()
    }

    /// Returns when the thread has ended, which is soon after `Backlog.stop`.
    func waitForEnd() async {
        await end.waitForEnd()
    }

    private func run() {
        while backlog.waitForWork(whileResting: rest) {
            begin(round: backlog.round)
            do throws(StoreError) {
                try index()
            } catch {
                // The writer says what is wrong with the file; reading goes on when writing works again.
                logger.debug("indexing pauses", metadata: ["store.reason": "\(error.message)"])
                seen = SeenTexts()
                backlog.pause()
            }
        }
        parts.close()
        end.ended()
    }

    /// Lets go of what only work needs.
    private func rest() {
        seen.rest()
        words = DocumentWords()
        parts.rest()
        skein_allocator_trim_thread()
    }

    /// In another round what was indexed in the one before is not known.
    private func begin(round: Int) {
        guard round != self.round else { return }
        self.round = round
        seen = SeenTexts()
    }

    /// Looks the next slice through and waits until it is written.
    private func index() throws(StoreError) {
        let arrivals = backlog.arrivals
        let found = try parts.first(limit: limit)
        guard !found.isEmpty else { return backlog.nothingWaits(since: arrivals) }
        var slice = AnalysedSlice(round: round, parts: [])
        parts.forgetCalls()
        for part in found {
            guard !backlog.hasStopped else { return }
            slice.parts.append(try analysed(part))
        }
        let outcome = try written(slice)
        // One that came too late is made again in the new round.
        guard !outcome.isStale else { return }
        backlog.done(slice.parts.count)
        adapt(to: outcome.nanoseconds, parts: slice.parts.count)
    }

    private func written(_ slice: AnalysedSlice) throws(StoreError) -> SliceOutcome {
        let answer = SliceAnswer()
        guard queue.pushBackground(.analysed(slice, answer)) else {
            throw StoreError(code: .unavailable, message: "the server is shutting down")
        }
        return try answer.wait().get()
    }

    /// As many parts as the writer needs its share of time for.
    private func adapt(to nanoseconds: UInt64, parts: Int) {
        let fitting = UInt64(parts) * Self.targetNanoseconds / max(nanoseconds, 1)
        limit = min(max(Int(fitting), limit / 2, 8), limit * 2, 2048)
    }

    /// What is found in a part; one that cannot be looked through is skipped for good.
    private func analysed(_ part: PendingPart) throws(StoreError) -> AnalysedPart {
        let result = AnalysedPart(key: part.key)
        // Without an index of texts nothing else waits.
        guard wantsTexts || !part.wantsOnlyTexts else { return result }
        guard let row = part.row, let trace = try parts.trace(part.key >> 24) else { return result }
        let findings: PartFindings
        do {
            let batch = try parts.batch(of: part.key, row, trace: trace.id)
            findings = try analyser.analyse(batch, for: aspect(of: part))
        } catch {
            let reason = (error as? any CollectorError)?.message ?? "\(error)"
            logger.warning(
                "a part cannot be indexed",
                metadata: ["store.part": "\(part.key)", "store.reason": "\(reason)"]
            )
            return result
        }
        return try rows(of: findings, trace.project, part, result)
    }

    private func aspect(of part: PendingPart) -> PartAspect {
        part.wantsOnlyTexts ? .texts : wantsTexts ? .all : .properties
    }

    private func rows(
        of findings: PartFindings,
        _ project: Int64,
        _ pending: PendingPart,
        _ part: AnalysedPart
    ) throws(StoreError) -> AnalysedPart {
        var part = part
        part.project = project
        if !pending.wantsOnlyTexts {
            part.hashes = findings.mayHaveAnything ? PartHashes.anything : PartHashes.encode(findings.hashes)
        }
        let calls = try parts.callIDs(of: part.key >> 24)
        var rest: [SpanFindings] = []
        for span in findings.spans {
            if let run = ToolRunRow(span) { part.tools.append(run) }
            guard let call = calls[span.spanID] else {
                rest.append(span)
                continue
            }
            if let hash = span.promptHash {
                part.prompts.append(PromptRow(call: call, hash: hash, isPreview: span.isPreview))
            }
            add(document: TextKey.call(call), of: [span], findings.texts, to: &part)
        }
        add(document: TextKey.rest(of: part.key), of: rest, findings.texts, to: &part)
        return part
    }

    private func add(
        document key: Int64,
        of spans: [SpanFindings],
        _ texts: TextList,
        to part: inout AnalysedPart
    ) {
        for span in spans {
            texts.forEach(in: span.texts) { if seen.isNew($0, in: part.key >> 24) { words.add($0) } }
        }
        let bytes = words.take()
        if !bytes.isEmpty { part.documents.append(TextDocument(key: key, words: bytes)) }
    }
}

extension ToolRunRow {
    /// The run that a span is; nil for one that is no tool's, or only a preview.
    fileprivate init?(_ span: SpanFindings) {
        guard let name = span.toolName, !span.isPreview else { return nil }
        self.init(
            span: span.spanID,
            name: name,
            start: span.start,
            duration: span.end - span.start,
            status: span.status
        )
    }
}

/// The writer's answer to a slice, for the thread that waits for it.
///
/// `@unchecked Sendable`: `result` is set before the signal and read after it.
final class SliceAnswer: @unchecked Sendable {
    private let semaphore = DispatchSemaphore(value: 0)
    private var result: Result<SliceOutcome, StoreError>?

    /// Gives the answer; called once.
    func give(_ result: Result<SliceOutcome, StoreError>) {
        self.result = result
        semaphore.signal()
    }

    func wait() -> Result<SliceOutcome, StoreError> {
        semaphore.wait()
        return result ?? .failure(StoreError(code: .internal, message: "a slice was not answered"))
    }
}
