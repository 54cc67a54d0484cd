// Maintenance.swift - deletion, retention and giving space back, in slices between the transactions of requests.

import Dispatch
import Foundation
import Logging
import Metrics
import TraceModel
import TraceStore

/// What a store keeps, and what it needs to see to that.
struct MaintenanceConfig: Sendable {
    var policy = RetentionPolicy()
    /// The time of now, in seconds since the Unix epoch.
    var now: @Sendable () -> Int64 = { Int64(Date().timeIntervalSince1970) }
    /// How often ages are looked at.
    var interval: Duration = .seconds(60)
    /// How long nothing is deleted before free pages are given back.
    var quiet: Duration = .seconds(1)
    /// The database file.
    var path: String
}

/// Decides what the writer's thread does beside requests, slice by slice.
///
/// Belongs to the writer's thread.
final class Maintenance {
    private let config: MaintenanceConfig
    private let counts: MaintenanceCounts
    private var notes: RetentionNotes
    /// Makes parts without content elsewhere and pushes `WriterTask.stripped`; nil when content never expires.
    private let strip: (@Sendable (StrippingPlace) -> Void)?

    private(set) var pace = MaintenancePace()
    private var size: SizeLimit?
    private var jobs: [RemovalJob] = []
    private var settling: [CheckedContinuation<Void, Never>] = []
    /// Traces that retention deletes next.
    private var doomed: ArraySlice<Int64> = []
    private var ages = AgeScan(.removal)
    private var contentAges = AgeScan(.content)
    private var shares = ProjectShares()
    /// Traces whose content expires next.
    private var fading: ArraySlice<Int64> = []
    private var isStripping = false
    private var stripped: StrippedTrace?
    /// Until when no trace is read for it, after one that could not be read.
    private var stripsFrom: UInt64 = 0
    /// Whether there may be free pages to give back, and since when nothing was deleted.
    private var wantsSpace = true
    private var lastRemoval: UInt64 = 0
    private var gonePages: Int64 = 64
    private var hasRanges = true
    /// Whether the log should be moved into the file, which becomes shorter then.
    private var wantsShrink = false
    private var hasGivenBack = false
    /// When the log may be cut again for its size.
    private var cutAgain: UInt64 = 0

    private var hasMore = true
    private var nextLook: UInt64 = 0
    /// Until when nothing is tried, after a failure.
    private var pausedUntil: UInt64 = 0

    init(
        _ config: MaintenanceConfig,
        counts: MaintenanceCounts,
        logger: Logger,
        strip: (@Sendable (StrippingPlace) -> Void)?
    ) {
        self.config = config
        self.counts = counts
        self.strip = strip
        notes = RetentionNotes(logger: logger)
        size = config.policy.all.maxBytes.map { SizeLimit(bytes: $0) }
    }

    private var clock: UInt64 { DispatchTime.now().uptimeNanoseconds }

    /// Pages of the log that start a checkpoint.
    var logPages: Int32 { size?.logPages ?? Checkpointer.threshold }

    /// Whether a trace whose content has begun to expire is finished as soon as there is time.
    ///
    /// Else something failed, which is tried again later, or content never expires.
    var expiresContent: Bool { strip != nil && clock >= stripsFrom && clock >= pausedUntil }

    /// Whether there is something to do now.
    var isDue: Bool { hasMore || !jobs.isEmpty || stripped != nil || clock >= nextLook }

    /// When there may be something to do, if nothing comes before.
    var wakeTime: Date { Date(timeIntervalSinceNow: Double(nextLook - min(nextLook, clock)) / 1e9) }

    /// Takes traces to delete.
    func add(_ job: RemovalJob) {
        jobs.append(job)
        hasMore = true
    }

    /// Answers when nothing is left to do for now.
    func settle(_ reply: CheckedContinuation<Void, Never>) {
        settling.append(reply)
        nextLook = 0
        hasMore = true
    }

    /// Takes what was made of a trace whose content expires; nil when it is gone.
    ///
    /// - Throws: Why the trace could not be read; it is left as it is for now.
    func take(_ result: Result<StrippedTrace?, StoreError>, in writer: BatchWriter) throws(StoreError) {
        isStripping = false
        hasMore = true
        do throws(StoreError) {
            stripped = try result.get()
        } catch {
            stripsFrom = clock + max(config.interval.nanoseconds, 1_000_000_000)
            throw error
        }
        guard stripped == nil, let number = writer.expiring, try writer.identity(of: number) == nil else { return }
        try writer.endExpiry()
    }

    /// After a failure: only the next look tries again.
    func pause() {
        hasMore = false
        (doomed, fading, stripped) = ([], [], nil)
        nextLook = clock + max(config.interval.nanoseconds, 1_000_000_000)
        pausedUntil = nextLook
        for job in jobs {
            job.reply.resume(returning: .failure(StoreError(code: .unavailable, message: "the store cannot write")))
        }
        jobs = []
        answerSettled()
    }

    /// Answers who still waits when the store closes.
    func end() {
        let closed = StoreError(code: .unavailable, message: "the server is shutting down")
        for job in jobs { job.reply.resume(returning: .failure(closed)) }
        jobs = []
        answerSettled()
    }

    private func answerSettled() {
        for reply in settling { reply.resume() }
        settling = []
    }

    /// Takes note of a transaction of requests.
    func note(request nanoseconds: UInt64) {
        let share = max(size?.share ?? 0, jobs.isEmpty ? 0.1 : 0.25)
        pace.note(request: nanoseconds, share: share)
    }

    /// Takes note that pages became free: they are given back once no more do.
    func noteFreedPages() {
        lastRemoval = clock
        wantsSpace = true
        nextLook = min(nextLook, lastRemoval + config.quiet.nanoseconds)
    }

    /// Whether the file can become shorter now; told once.
    func takeShrinkRequest() -> Bool {
        defer { wantsShrink = false }
        return wantsShrink
    }
}

// MARK: slices

extension Maintenance {
    /// Whether a slice is to be done now.
    func isReady(_ writer: BatchWriter, isIdle: Bool) throws(StoreError) -> Bool {
        if size != nil { size?.note(try DiskUse(writer.connection, path: config.path)) }
        if size?.isLogTooLarge == true, clock >= cutAgain {
            wantsShrink = true
            cutAgain = clock + 1_000_000_000
        }
        let isPressed = size.map { $0.isReducing || $0.isFileTooLarge } ?? false
        guard isDue || isPressed else { return false }
        return isIdle || pace.isAllowed
    }

    /// Does one slice; it is a transaction of its own.
    func step(_ writer: BatchWriter, isIdle: Bool) throws(StoreError) {
        let begun = clock
        let didWork = try work(writer, isIdle: isIdle, until: begun + pace.budget)
        pace.note(slice: clock - begun, isIdle: isIdle)
        hasMore = didWork
        pausedUntil = 0
        guard !didWork else { return }
        let now = clock
        nextLook = now + config.interval.nanoseconds
        if wantsSpace { nextLook = min(nextLook, max(lastRemoval + config.quiet.nanoseconds, now + 1_000_000)) }
        if isIdle, !wantsSpace, !isStripping { answerSettled() }
    }

    private func work(_ writer: BatchWriter, isIdle: Bool, until deadline: UInt64) throws(StoreError) -> Bool {
        if writer.removing != nil {
            didRemove(RemovalSlice(bytes: try writer.removeMore(until: deadline)))
            return true
        }
        if try finishJob(writer, until: deadline) { return true }
        if try enforceSize(writer, until: deadline) { return true }
        if try giveSpaceBack(writer, isIdle: isIdle, until: deadline) { return true }
        if try removeDoomed(writer, until: deadline) { return true }
        if try findDoomed(writer) { return true }
        if try expireContent(writer) { return true }
        if hasRanges, isIdle {
            hasRanges = try writer.removeGoneRanges()
            return hasRanges
        }
        guard isIdle else { return false }
        return try writer.renewTexts()
    }

    private func didRemove(_ slice: RemovalSlice) {
        counts.traces.increment(by: slice.traces)
        counts.bytes.increment(by: slice.bytes)
        lastRemoval = clock
        wantsSpace = true
        hasRanges = true
    }

    private func finishJob(_ writer: BatchWriter, until deadline: UInt64) throws(StoreError) -> Bool {
        guard var job = jobs.first else { return false }
        if !job.rest.isEmpty {
            let slice = try writer.remove(job.rest, until: deadline)
            didRemove(slice)
            job.note(slice)
            jobs[0] = job
        }
        // A large one is gone for everybody already, but its rows are still being removed.
        guard job.rest.isEmpty, writer.removing == nil else { return true }
        jobs.removeFirst()
        job.reply.resume(returning: .success(job.removed))
        return true
    }

    private func enforceSize(_ writer: BatchWriter, until deadline: UInt64) throws(StoreError) -> Bool {
        guard let size, size.isReducing else { return false }
        let oldest = try writer.oldestTraces()
        guard !oldest.isEmpty else {
            self.size?.giveUp()
            return false
        }
        notes.begins("retention.max_bytes")
        didRemove(try writer.remove(oldest[...], until: deadline, bytes: size.surplus))
        return true
    }

    private func removeDoomed(_ writer: BatchWriter, until deadline: UInt64) throws(StoreError) -> Bool {
        guard !doomed.isEmpty else { return false }
        let slice = try writer.remove(doomed, until: deadline)
        doomed = doomed.dropFirst(slice.handled)
        didRemove(slice)
        return true
    }

    /// Looks for traces that are too old, or too many for their project.
    private func findDoomed(_ writer: BatchWriter) throws(StoreError) -> Bool {
        guard !config.policy.isEmpty else { return false }
        let projects = try writer.projectNames()
        let found = try ages.next(
            projects.compactMapValues { config.policy.days(of: $0) },
            now: config.now(),
            in: writer.connection
        )
        if !found.isEmpty {
            notes.begins("retention.days")
            doomed = found[...]
            return true
        }
        let limits = projects.compactMapValues { config.policy.projects[$0]?.maxBytes }
        let surplus = try shares.next(limits, in: writer.connection)
        guard !surplus.isEmpty else { return false }
        notes.begins("retention.projects")
        doomed = surplus[...]
        return true
    }

    private func expireContent(_ writer: BatchWriter) throws(StoreError) -> Bool {
        guard let strip, !isStripping else { return false }
        if let ready = stripped {
            stripped = nil
            let isWritten = try writer.expire(ready)
            if isWritten {
                lastRemoval = clock
                wantsSpace = true
            }
            if isWritten, !ready.isLast {
                request(ready.place, strip)
            } else if isWritten {
                counts.expired.increment()
            } else if try writer.identity(of: ready.place.number) != nil {
                // Something came for it meanwhile.
                fading = [ready.place.number] + fading
            }
            return true
        }
        guard clock >= stripsFrom else { return false }
        // One that a stop or crash interrupted.
        if let number = writer.expiring {
            request(StrippingPlace(number), strip)
            return true
        }
        if fading.isEmpty {
            let projects = try writer.projectNames().compactMapValues { config.policy.contentDays(of: $0) }
            fading = try contentAges.next(projects, now: config.now(), in: writer.connection)[...]
        }
        guard let number = fading.popFirst() else { return false }
        notes.begins("retention.content_days")
        request(StrippingPlace(number), strip)
        return true
    }

    private func request(_ place: StrippingPlace, _ strip: @Sendable (StrippingPlace) -> Void) {
        isStripping = true
        strip(place)
    }

    /// Gives free pages back to the file system: once deletion has ended, or when the files are above the limit.
    private func giveSpaceBack(_ writer: BatchWriter, isIdle: Bool, until deadline: UInt64) throws(StoreError) -> Bool {
        let isPressed = size?.isFileTooLarge ?? false
        let isQuiet = isIdle && wantsSpace && clock >= lastRemoval + config.quiet.nanoseconds
        guard isPressed || isQuiet else { return false }
        let before = try DiskUse(writer.connection, path: config.path)
        guard before.freePages > 0 else { return endGivingBack() }
        let begun = clock
        try writer.connection.execute("PRAGMA incremental_vacuum(\(gonePages))")
        let took = clock - begun
        gonePages = max(64, took > MaintenancePace.longest ? gonePages / 2 : min(gonePages + gonePages / 4, 1024))
        hasGivenBack = true
        let after = try DiskUse(writer.connection, path: config.path)
        if after.freePages == 0 || after.freePages >= before.freePages { return endGivingBack() }
        return true
    }

    /// The file becomes shorter when the log is moved into it.
    private func endGivingBack() -> Bool {
        wantsShrink = hasGivenBack
        hasGivenBack = false
        wantsSpace = false
        return false
    }
}

extension Duration {
    fileprivate var nanoseconds: UInt64 {
        UInt64(max(components.seconds, 0)) * 1_000_000_000 + UInt64(max(components.attoseconds, 0) / 1_000_000_000)
    }
}
