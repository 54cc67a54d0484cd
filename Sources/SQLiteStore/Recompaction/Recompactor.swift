// Recompactor.swift - compresses the parts of finished traces again while nothing arrives, on a thread of its own.

import Foundation
import Logging
import TraceModel
import TraceStore

/// Makes one frame of the parts of a finished trace, at a higher level, and hands it to the writer.
///
/// Its thread has the lowest priority and sleeps while there is nothing to do. What it holds is bounded by a slice and a
/// group. A crash loses at most a slice, which is made again.
///
/// `@unchecked Sendable`: after `start` only its own thread touches its state; others reach it through `schedule`.
final class Recompactor: @unchecked Sendable {
    /// How long the writer should take for a slice.
    private static let targetNanoseconds: UInt64 = 15_000_000
    /// Bytes, with something for each row, of the largest and the smallest slice.
    private static let mostCost = 2 << 20
    private static let leastCost = 64 << 10
    /// Traces behind the walk that the stored mark waits for.
    private static let mostLag: Int64 = 131_072
    /// A group that does not become this much smaller stays as it is, in percent.
    private static let leastGain = 3

    private let parts: FinishedParts
    private let schedule: RecompactionSchedule
    private let queue: WriteQueue
    private let counts: RecompactionCounts
    private let logger: Logger
    private let now: @Sendable () -> Int64
    private let end = StoreStatus()
    private var frames: FrameEncoder
    private var trainer: StoredSamples?
    /// The trace that the walk has come to.
    private var position: Int64
    /// Up to where it goes back after a failure.
    private var saved: Int64
    private var slice: RecompactedSlice
    private var limit = 512 << 10

    init(
        parts: FinishedParts,
        frames: FrameEncoder,
        trainer: StoredSamples?,
        schedule: RecompactionSchedule,
        queue: WriteQueue,
        walked: Int64,
        counts: RecompactionCounts,
        logger: Logger,
        now: @escaping @Sendable () -> Int64
    ) {
        self.parts = parts
        self.frames = frames
        self.trainer = trainer
        self.schedule = schedule
        self.queue = queue
        self.counts = counts
        self.logger = logger
        self.now = now
        position = walked
        saved = walked
        slice = RecompactedSlice(mark: walked)
    }

    func start() {
        let thread = Thread {
            Thread.current.name = "skein-packer"
            BackgroundThread.giveWay()
            self.run()
        }
        thread.stackSize = 4 << 20
        thread.start()
    }

    /// Returns when the thread has ended, which is soon after `RecompactionSchedule.stop`.
    func waitForEnd() async {
        await end.waitForEnd()
    }

    private func run() {
        while schedule.waitForTurn() {
            let count = schedule.changeCount
            do throws(StoreError) {
                if let next = try round() {
                    schedule.finished(nextIn: next.seconds, since: count)
                } else {
                    schedule.interrupted()
                }
            } catch {
                // The writer says what is wrong with the file; the next look tries again.
                logger.debug("recompaction pauses", metadata: ["store.reason": "\(error.message)"])
                slice.groups = []
                position = saved
                schedule.finished(nextIn: schedule.idle, since: count)
            }
            frames.forget()
            parts.rest()
        }
        parts.close()
        end.ended()
    }

    /// When there is more to do.
    private struct NextLook {
        /// Nil when there is nothing more.
        var seconds: Int64?

        mutating func note(_ seconds: Int64) {
            self.seconds = min(self.seconds ?? .max, seconds)
        }
    }

    /// Does what can be done now; nil when something came in between.
    private func round() throws(StoreError) -> NextLook? {
        var next = NextLook()
        let begun = position
        try train()
        guard try revisit(&next), try walk(&next) else { return nil }
        if !slice.groups.isEmpty || position != begun { try flush() }
        return next
    }

    /// Trains a better dictionary where one is due.
    private func train() throws(StoreError) {
        guard let trained = try trainer?.train(asking: schedule) else { return }
        if let bytes = trained.bytes, !queue.push(.learned(project: trained.project, bytes: bytes)) { return }
        slice.sampled = trained.note
        // Behind it in the queue: when this was written the dictionary is in use.
        try flush(isInOrder: true)
    }

    /// The traces behind the walk that changed, or were not finished; false when something came in between.
    private func revisit(_ next: inout NextLook) throws(StoreError) -> Bool {
        let numbers = schedule.takeBehind()
        for (place, number) in numbers.enumerated() {
            guard schedule.goesOn else {
                for rest in numbers[place...] { schedule.add(rest) }
                return false
            }
            guard let trace = try parts.trace(number) else { continue }
            let age = now() - trace.storedAt
            if age < schedule.idle {
                schedule.add(number)
                next.note(schedule.idle - age)
            } else if try !pack(trace) {
                for rest in numbers[place...] { schedule.add(rest) }
                return false
            }
        }
        return true
    }

    /// Goes on with the walk up to traces that are not finished yet; false when something came in between.
    private func walk(_ next: inout NextLook) throws(StoreError) -> Bool {
        while true {
            let window = try parts.traces(after: position)
            guard let last = window.last(where: { now() - $0.storedAt >= schedule.idle }) else {
                if let first = window.map(\.storedAt).min() { next.note(schedule.idle - (now() - first)) }
                return true
            }
            for trace in window where trace.number <= last.number {
                guard schedule.goesOn else { return false }
                let age = now() - trace.storedAt
                if age < schedule.idle {
                    // One that goes on while those after it are finished does not hold them up.
                    schedule.add(trace.number)
                    next.note(schedule.idle - age)
                } else if try !pack(trace) {
                    return false
                }
                position = trace.number
                schedule.walked(to: position)
            }
        }
    }

    /// Compresses the parts of a trace; false when something came in between.
    private func pack(_ trace: WalkedTrace) throws(StoreError) -> Bool {
        guard trace.content != .expiring else { return true }
        var key = PartKey.first(of: trace.number)
        while true {
            let group = try parts.group(from: key, of: trace.number)
            guard let last = group.last else { return true }
            key = last.part.key + 1
            if let packed = try packed(group, of: trace) { slice.groups.append(packed) }
            if slice.cost >= limit { try flush() }
            guard schedule.goesOn else { return false }
        }
    }

    /// The frame of some parts; nil when it is not worth it, or one of them is damaged.
    private func packed(_ group: [FinishedPart], of trace: WalkedTrace) throws(StoreError) -> RecompactedGroup? {
        var plain: [UInt8] = []
        for part in group {
            guard let bytes = try parts.plain(part) else { return nil }
            plain += bytes
        }
        let project = try parts.projectName(trace.project)
        let isKept = trace.content == .kept
        guard let frame = try frames.encode(plain, of: project, isContentKept: isKept) else { return nil }
        let result = RecompactedGroup(
            trace: trace.number,
            project: trace.project,
            content: trace.content,
            parts: group.map(\.part),
            dictionary: frame.dictionary,
            frame: frame.bytes
        )
        guard result.after * 100 <= result.before * (100 - Self.leastGain) else { return nil }
        return result
    }

    /// Hands what there is to the writer, and waits until it is written; in order behind all else, or giving way to it.
    private func flush(isInOrder: Bool = false) throws(StoreError) {
        let oldest = schedule.oldestBehind.map { $0 - 1 } ?? position
        slice.mark = max(min(position, oldest), position - Self.mostLag)
        let cost = slice.cost
        let answer = SliceAnswer()
        let task = WriterTask.recompacted(slice, answer)
        guard isInOrder ? queue.push(task) : queue.pushBackground(task) else {
            throw StoreError(code: .unavailable, message: "the server is shutting down")
        }
        let groups = slice.groups
        slice = RecompactedSlice(mark: slice.mark)
        let outcome = try answer.wait().get()
        saved = slice.mark
        counts.note(outcome.written.map { groups[$0] })
        guard cost > 0 else { return }
        let fitting = UInt64(cost) * Self.targetNanoseconds / max(outcome.nanoseconds, 1)
        limit = min(max(Int(fitting), limit / 2, Self.leastCost), limit * 2, Self.mostCost)
    }
}
