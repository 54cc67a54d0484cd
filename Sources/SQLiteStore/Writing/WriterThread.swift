// WriterThread.swift - the one thread that writes: group commit, replies, parking of late spans.

import CSQLiteSetup
import CThreadSetup
import Foundation
import GRDBSQLite
import Logging
import Metrics
import TraceModel
import TraceStore

/// Owns the writing connection and everything that is only touched between `BEGIN` and `COMMIT`.
///
/// `@unchecked Sendable`: after `start` only its own thread touches its state; other threads reach it through `queue`.
final class WriterThread: @unchecked Sendable {
    /// Bytes of parts that one transaction takes at most (a single larger batch passes alone).
    private static let maxTransactionBytes = 16 << 20

    private let queue: WriteQueue
    private let gate: WriterGate
    private let checkpointer: Checkpointer
    private let writer: BatchWriter
    private let book: DictionaryBook
    private let status: StoreStatus
    /// How long transactions take, from their first statement to the sync.
    private let commits: Metrics.Timer
    private let logger: Logger
    private let maintenance: Maintenance
    private let memory: IdleMemory
    /// Reads a forgotten trace elsewhere and pushes `WriterTask.loaded`.
    private let load: @Sendable (Int64) -> Void
    private var parking = ParkingLot<WriteRequest>()
    /// Traces that are parked for, and read again once their content has expired.
    private var fading: Set<Int64> = []
    /// Whether work without requests failed: it waits for the next success then, instead of failing in a loop.
    private var isBackgroundPaused = false
    private var isStopping = false

    init(
        queue: WriteQueue,
        gate: WriterGate,
        checkpointer: Checkpointer,
        writer: BatchWriter,
        book: DictionaryBook,
        status: StoreStatus,
        commits: Metrics.Timer,
        logger: Logger,
        maintenance: Maintenance,
        memory: IdleMemory,
        load: @escaping @Sendable (Int64) -> Void
    ) {
        self.queue = queue
        self.gate = gate
        self.checkpointer = checkpointer
        self.writer = writer
        self.book = book
        self.status = status
        self.commits = commits
        self.logger = logger
        self.maintenance = maintenance
        self.memory = memory
        self.load = load
    }

    func start() {
        let thread = Thread {
            Thread.current.name = "skein-writer"
            skein_sqlite_keep_memory()
            // Questions, which need a core for a moment, go first.
            skein_thread_works_long()
            self.run()
        }
        thread.stackSize = 4 << 20
        thread.start()
    }

    private func run() {
        // Later, unless it is needed: a start has other things to do.
        queue.waitForFirst(until: Date(timeIntervalSinceNow: 0.25))
        writer.prepare()
        while !isStopping || !parking.isEmpty {
            let isSealing = writer.hasBackgroundWork && !isBackgroundPaused
            let tasks = queue.take(
                maxBytes: Self.maxTransactionBytes,
                isPolling: isSealing || (maintenance.isDue && !isStopping),
                until: isStopping ? .distantFuture : maintenance.wakeTime
            )
            var ready: [WriteRequest] = []
            for task in tasks {
                switch task {
                case .write(let request): admit(request, &ready)
                case .loaded(let number, let result): arrived(number, result, &ready)
                case .learned(let project, let bytes): learn(bytes, project)
                case .probe(let reply): reply.resume(returning: probe())
                case .keys(let task, let reply): reply.resume(returning: run(task))
                case .reprice(let loaded, let reply): reply.resume(returning: reprice(loaded))
                case .analysed(let slice, let answer): answer.give(write(slice))
                case .recompacted(let slice, let answer): answer.give(write(slice))
                case .reindex(let part, let limit, let reply):
                    reply.resume(returning: reindex(after: part, limit: limit))
                case .remove(let numbers, let reply): maintenance.add(RemovalJob(numbers, reply: reply))
                case .stripped(let result): take(result)
                case .settle(let reply): maintenance.settle(reply)
                case .rest(let next): rest(next)
                case .stop: isStopping = true
                }
            }
            if tasks.contains(where: \.isWork) { memory.note() }
            if !ready.isEmpty || (tasks.isEmpty && isSealing) { commit(ready) }
            if !isStopping { maintain(isIdle: ready.isEmpty) }
            if !fading.isEmpty { readFaded() }
        }
        finish()
    }

    /// Gives back what only work needs, unless there is some again.
    private func rest(_ next: @Sendable () -> Void) {
        guard !isStopping, parking.isEmpty else { return memory.note() }
        writer.rest()
        next()
    }

    /// Lets a batch into the next transaction, or parks it until the traces that it needs are read again.
    private func admit(_ request: WriteRequest, _ ready: inout [WriteRequest]) {
        do throws(StoreError) {
            let missing = try writer.forgottenTraces(of: request.batch)
            guard !missing.isEmpty else {
                ready.append(request)
                return
            }
            for number in parking.park(request, until: missing) { load(number) }
        } catch {
            status.failed(error, logger)
            request.reply.resume(returning: .failure(error))
        }
    }

    private func arrived(_ number: Int64, _ result: Result<LoadedTrace, StoreError>, _ ready: inout [WriteRequest]) {
        switch result {
        case .success(let loaded) where isStale(loaded, number):
            // Its content expired while it was read.
            readAgain(number)
        case .failure where isGone(number):
            // Deleted while it was read: what waits for it begins a new trace.
            released(number, &ready)
        case .success(let loaded):
            writer.restore(number, loaded)
            released(number, &ready)
        case .failure(let error):
            status.failed(error, logger)
            abandon(number, error)
        }
    }

    /// Reads a trace again that has changed; one whose content is expiring when that is done, which takes some steps.
    private func readAgain(_ number: Int64) {
        guard writer.expiring == number else { return load(number) }
        if isStopping {
            // Nobody finishes it any more.
            abandon(number, StoreError(code: .unavailable, message: "the server is shutting down"))
        } else if maintenance.expiresContent {
            fading.insert(number)
        } else {
            abandon(number, Self.stillExpiring(number))
        }
    }

    /// Reads what has lost its content meanwhile, or is gone, and does not wait for the rest when the store closes.
    private func readFaded() {
        for number in fading where isStopping || writer.expiring != number {
            fading.remove(number)
            readAgain(number)
        }
    }

    /// Refuses what waits for content to expire, which failed: its senders come again.
    private func refuseFading() {
        let numbers = fading
        fading = []
        for number in numbers { abandon(number, Self.stillExpiring(number)) }
    }

    private static func stillExpiring(_ number: Int64) -> StoreError {
        StoreError(
            code: .unavailable,
            message: "the content of trace \(number) is being removed, which does not succeed now: try again later"
        )
    }

    /// Refuses what waits for a trace.
    private func abandon(_ number: Int64, _ error: StoreError) {
        let (lost, unneeded) = parking.abandon(number)
        for trace in unneeded { writer.unpin(trace) }
        for request in lost { request.reply.resume(returning: .failure(error)) }
    }
    /// Lets those go on that waited for a trace, which is here or gone.
    private func released(_ number: Int64, _ ready: inout [WriteRequest]) {
        let (free, isHeld, unneeded) = parking.release(number)
        // Whoever waits for more traces keeps this one from being forgotten meanwhile.
        if isHeld { writer.pin(number) }
        for trace in unneeded { writer.unpin(trace) }
        // Asked again: a failed transaction may have dropped what was there when it was parked.
        for request in free { admit(request, &ready) }
    }

    private func isGone(_ number: Int64) -> Bool {
        // What cannot be asked now fails as a write does.
        ((try? writer.identity(of: number)) ?? nil) == nil
    }

    /// Whether a trace is no more what it was when it was read.
    private func isStale(_ loaded: LoadedTrace, _ number: Int64) -> Bool {
        guard writer.expiring != number else { return true }
        guard let identity = (try? writer.identity(of: number)) ?? nil else { return false }
        return identity.content != loaded.identity?.content
    }

    private func commit(_ requests: [WriteRequest]) {
        let begun = DispatchTime.now().uptimeNanoseconds
        let result: Result<[ConsumeReceipt], StoreError> = gate.write {
            do throws(StoreError) {
                return .success(try writer.write(requests))
            } catch {
                return .failure(error)
            }
        }
        switch result {
        case .success(let receipts):
            let took = DispatchTime.now().uptimeNanoseconds - begun
            commits.recordNanoseconds(Int64(took))
            maintenance.note(request: took)
            isBackgroundPaused = false
            status.succeeded(logger)
            for (request, receipt) in zip(requests, receipts) { request.reply.resume(returning: .success(receipt)) }
            checkpointer.note(pages: writer.logPages)
        case .failure(let error) where requests.count > 1:
            // One batch may be at fault: the others must not suffer for it.
            // What fails alone as well is warned about, now and then.
            logger.debug(
                "a transaction failed, trying its batches one by one",
                metadata: ["store.reason": "\(error.message)"]
            )
            for request in requests { retry(request) }
        case .failure(let error):
            isBackgroundPaused = true
            status.failed(error, logger)
            for request in requests { request.reply.resume(returning: .failure(error)) }
        }
    }

    /// Admits a batch of a failed transaction again; what that dropped is read again first.
    private func retry(_ request: WriteRequest) {
        var ready: [WriteRequest] = []
        admit(request, &ready)
        if !ready.isEmpty { commit(ready) }
    }

    /// Stores a dictionary, then lets it be used.
    ///
    /// A failure leaves the one before in use.
    private func learn(_ bytes: [UInt8], _ project: String) {
        let stored: NumberedDictionary? = gate.write {
            do throws(StoreError) {
                let dictionary = ZstdCompressionDictionary(DictionaryBytes(copying: bytes), isOwn: true)
                return NumberedDictionary(id: try writer.addDictionary(bytes, project: project), dictionary: dictionary)
            } catch {
                status.failed(error, logger)
                return nil
            }
        }
        if let stored { book.publish(stored, for: project) } else { book.abandon(project) }
    }

    private func probe() -> StoreError? {
        let failure: StoreError? = gate.write {
            do throws(StoreError) {
                try writer.probe()
                return nil
            } catch {
                return error
            }
        }
        if let failure {
            status.failed(failure, logger)
        } else {
            isBackgroundPaused = false
            writer.backlog.resume()
            status.succeeded(logger)
        }
        return failure
    }

    private func run(_ task: KeyTask) -> Result<[AccessKey], StoreError> {
        gate.write {
            do throws(StoreError) {
                return .success(try writer.run(task))
            } catch {
                // Somebody's mistake, such as an id that is taken, is no failure of the store.
                if error.code == .unavailable { status.failed(error, logger) }
                return .failure(error)
            }
        }
    }

    private func reprice(_ loaded: LoadedTrace) -> Result<Int?, StoreError> {
        let result: Result<Int?, StoreError> = gate.write {
            do throws(StoreError) {
                return .success(try writer.reprice(loaded))
            } catch {
                status.failed(error, logger)
                return .failure(error)
            }
        }
        checkpointer.note(pages: writer.logPages)
        return result
    }

    private func write(_ slice: AnalysedSlice) -> Result<SliceOutcome, StoreError> {
        var outcome = SliceOutcome()
        guard slice.round == writer.backlog.round else {
            outcome.isStale = true
            return .success(outcome)
        }
        let begun = DispatchTime.now().uptimeNanoseconds
        let result: Result<Void, StoreError> = gate.write {
            do throws(StoreError) {
                return .success(try writer.write(slice))
            } catch {
                status.failed(error, logger)
                return .failure(error)
            }
        }
        checkpointer.note(pages: writer.logPages)
        outcome.nanoseconds = DispatchTime.now().uptimeNanoseconds - begun
        return result.map { outcome }
    }

    private func write(_ slice: RecompactedSlice) -> Result<SliceOutcome, StoreError> {
        let begun = DispatchTime.now().uptimeNanoseconds
        let result: Result<[Int], StoreError> = gate.write {
            do throws(StoreError) {
                return .success(try writer.write(slice))
            } catch {
                status.failed(error, logger)
                return .failure(error)
            }
        }
        checkpointer.note(pages: writer.logPages)
        if case .success(let written) = result, !written.isEmpty { maintenance.noteFreedPages() }
        let took = DispatchTime.now().uptimeNanoseconds - begun
        return result.map { SliceOutcome(nanoseconds: took, written: $0) }
    }

    private func reindex(after part: Int64?, limit: Int) -> Result<ReindexProgress, StoreError> {
        let result: Result<ReindexProgress, StoreError> = gate.write {
            do throws(StoreError) {
                if part == nil {
                    writer.backlog.startRound()
                    try writer.retireTexts()
                }
                let step = try writer.pendAgain(after: part ?? 0, limit: limit)
                var progress = ReindexProgress()
                progress.parts = step.parts
                progress.next = step.parts < limit ? nil : step.last
                return .success(progress)
            } catch {
                status.failed(error, logger)
                return .failure(error)
            }
        }
        checkpointer.note(pages: writer.logPages)
        return result
    }

    private func take(_ result: Result<StrippedTrace?, StoreError>) {
        do throws(StoreError) {
            try maintenance.take(result, in: writer)
        } catch {
            logger.warning("the content of a trace stays for now", metadata: ["store.reason": "\(error.message)"])
            refuseFading()
        }
    }

    /// Does a slice of what nobody waits for, when it is its turn.
    private func maintain(isIdle: Bool) {
        let failure: StoreError? = gate.write {
            do throws(StoreError) {
                guard try maintenance.isReady(writer, isIdle: isIdle) else { return nil }
                try maintenance.step(writer, isIdle: isIdle)
                return nil
            } catch {
                return error
            }
        }
        if let failure {
            maintenance.pause()
            status.failed(failure, logger)
            refuseFading()
        }
        checkpointer.note(pages: writer.connection.logPages)
        if maintenance.takeShrinkRequest() { checkpointer.shrink() }
    }

    /// Answers what came after the stop, and leaves the file without a log to replay.
    private func finish() {
        let closed = StoreError(code: .unavailable, message: "the server is shutting down")
        for task in queue.close() {
            switch task {
            case .write(let request): request.reply.resume(returning: .failure(closed))
            case .probe(let reply): reply.resume(returning: closed)
            case .keys(_, let reply): reply.resume(returning: .failure(closed))
            case .reprice(_, let reply): reply.resume(returning: .failure(closed))
            case .analysed(_, let answer): answer.give(.failure(closed))
            case .recompacted(_, let answer): answer.give(.failure(closed))
            case .reindex(_, _, let reply): reply.resume(returning: .failure(closed))
            case .remove(_, let reply): reply.resume(returning: .failure(closed))
            case .settle(let reply): reply.resume()
            case .loaded, .learned, .stripped, .rest, .stop: break
            }
        }
        maintenance.end()
        checkpointer.stop()
        writer.close()
        status.ended()
    }
}
