// WriteQueue.swift - the way to the writer's thread.

import Foundation
import Glibc
import TraceModel
import TraceStore

/// A batch on its way to the writer, with its parts compressed.
struct WriteRequest: Sendable {
    var batch: SpanBatch
    /// The parts of each group of the batch.
    var parts: [[EncodedPart]]
    /// Bytes of its parts, for the size of a transaction.
    var bytes: Int
    var reply: WriteReply
}

/// What the writer's thread is asked for.
enum WriterTask: Sendable {
    case write(WriteRequest)
    /// A trace that had been forgotten is here again, or could not be read.
    case loaded(Int64, Result<LoadedTrace, StoreError>)
    /// A dictionary was trained from a project's spans.
    case learned(project: String, bytes: [UInt8])
    /// Tells whether writing works now.
    case probe(CheckedContinuation<StoreError?, Never>)
    /// Reads or changes the keys.
    case keys(KeyTask, CheckedContinuation<Result<[AccessKey], StoreError>, Never>)
    /// Puts the prices of now in the place of those of a loaded trace; nil when the trace has changed since.
    case reprice(LoadedTrace, CheckedContinuation<Result<Int?, StoreError>, Never>)
    /// Writes what was found in some parts.
    case analysed(AnalysedSlice, SliceAnswer)
    /// Writes parts that were compressed again.
    case recompacted(RecompactedSlice, SliceAnswer)
    /// Lets parts be looked through again.
    case reindex(after: Int64?, limit: Int, CheckedContinuation<Result<ReindexProgress, StoreError>, Never>)
    /// Deletes traces by number; answers how many there were.
    case remove([Int64], CheckedContinuation<Result<Int, StoreError>, Never>)
    /// Parts of a trace without their content; nil when it is gone.
    case stripped(Result<StrippedTrace?, StoreError>)
    /// Answers when no deletion is left to do for now, and free space was given back.
    case settle(CheckedContinuation<Void, Never>)
    /// Nothing has happened for a while: lets go of what only work needs, then calls.
    case rest(@Sendable () -> Void)
    /// Finishes what waits and ends.
    case stop
}

extension WriterTask {
    /// Whether it is more than a sign that there is nothing to do.
    var isWork: Bool {
        if case .rest = self { false } else { true }
    }
}

/// A queue between async callers and one blocking thread.
///
/// Its bound is the memory budget of whoever calls.
///
/// `@unchecked Sendable`: every access to its variables is under `condition`'s lock.
final class WriteQueue: @unchecked Sendable {
    private let condition = NSCondition()
    private var waiting: [WriterTask] = []
    /// Work that gives way to everything else.
    private var background: [WriterTask] = []
    /// When such work was taken last.
    private var lastBackground = Date.distantPast
    private var isClosed = false
    /// Tasks taken the last time; more than `enough` count as so many.
    private var lastTaken = 0

    /// So many tasks share the price of a commit well enough.
    private static let enough = 8
    private static let patienceMicroseconds: UInt32 = 200
    /// How long nothing else has to come for work that gives way, in seconds.
    private static let quiet = 0.001
    /// How long it gives way at most, in seconds.
    private static let overdue = 0.5

    /// Adds a task; false when the writer has ended.
    func push(_ task: WriterTask) -> Bool {
        condition.lock()
        defer { condition.unlock() }
        guard !isClosed else { return false }
        waiting.append(task)
        condition.signal()
        return true
    }

    /// Adds work that gives way to everything else; false when the writer has ended.
    func pushBackground(_ task: WriterTask) -> Bool {
        condition.lock()
        defer { condition.unlock() }
        guard !isClosed else { return false }
        background.append(task)
        condition.signal()
        return true
    }

    /// Blocks until something waits, or until a time.
    func waitForFirst(until time: Date) {
        condition.lock()
        defer { condition.unlock() }
        while waiting.isEmpty, background.isEmpty, condition.wait(until: time) {}
    }

    /// Takes what waits, up to about `maxBytes` of parts; blocks while nothing waits, until a time, unless `isPolling`.
    func take(maxBytes: Int, isPolling: Bool, until time: Date) -> [WriterTask] {
        condition.lock()
        defer { condition.unlock() }
        while waiting.isEmpty, background.isEmpty, !isPolling, condition.wait(until: time) {}
        if !background.isEmpty, let task = takeBackground() { return [task] }
        if waiting.count < lastTaken { letOthersIn() }
        var bytes = 0
        var count = 0
        while count < waiting.count, bytes < maxBytes {
            if case .write(let request) = waiting[count] { bytes += request.bytes }
            count += 1
        }
        let taken = Array(waiting[..<count])
        lastTaken = min(count, Self.enough)
        waiting.removeFirst(count)
        return taken
    }

    /// Work that gives way, when nothing else comes for a moment or it gave way for long.
    private func takeBackground() -> WriterTask? {
        if waiting.isEmpty { _ = condition.wait(until: Date(timeIntervalSinceNow: Self.quiet)) }
        let now = Date()
        guard waiting.isEmpty || now.timeIntervalSince(lastBackground) > Self.overdue else { return nil }
        lastBackground = now
        return background.removeFirst()
    }

    /// Gives requests that are on their way a moment to join the transaction, whose price is almost all in its commit.
    ///
    /// Only when the one before had more of them, so that a single client never waits; see docs/architecture.md.
    private func letOthersIn() {
        condition.unlock()
        usleep(Self.patienceMicroseconds)
        condition.lock()
    }

    /// Refuses further tasks and gives what was left.
    func close() -> [WriterTask] {
        condition.lock()
        defer { condition.unlock() }
        isClosed = true
        defer { (waiting, background) = ([], []) }
        return waiting + background
    }
}
