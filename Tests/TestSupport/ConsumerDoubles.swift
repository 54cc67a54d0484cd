// ConsumerDoubles.swift - consumers that record, fail or wait.

public import TraceModel

/// Takes every batch and remembers it.
public actor RecordingConsumer: TraceConsumer {
    /// The batches, in the order of arrival.
    public private(set) var batches: [SpanBatch] = []
    private let rejected: RejectedSpans

    /// Makes a consumer.
    ///
    /// - Parameter rejected: What it rejects of every batch.
    public init(rejecting rejected: RejectedSpans = .none) {
        self.rejected = rejected
    }

    /// How many spans came.
    public var spanCount: Int {
        batches.reduce(0) { $0 + $1.spans.count }
    }

    /// Remembers the batch.
    public func consume(_ batch: SpanBatch) async throws -> ConsumeReceipt {
        batches.append(batch)
        return ConsumeReceipt(stored: batch.spans.count - rejected.count, rejected: rejected)
    }
}

/// Takes every log record, ignores some, and remembers the batches.
public actor RecordingLogConsumer: LogConsumer {
    /// The batches, in the order of arrival.
    public private(set) var batches: [LogBatch] = []
    private let ignored: Int
    private let failure: (any Error & Sendable)?

    /// Makes a consumer.
    ///
    /// - Parameters:
    ///   - ignored: How many records of every batch it ignores.
    ///   - failure: What it throws each time; nil for nothing.
    public init(ignoring ignored: Int = 0, failure: (any Error & Sendable)? = nil) {
        self.ignored = ignored
        self.failure = failure
    }

    /// Remembers the batch.
    public func consume(_ logs: LogBatch) async throws -> LogReceipt {
        if let failure { throw failure }
        batches.append(logs)
        return LogReceipt(accepted: logs.records.spans.count - ignored, ignored: ignored)
    }
}

/// Fails with the same error each time.
public struct FailingConsumer: TraceConsumer {
    private let error: any Error & Sendable

    /// Makes a consumer.
    public init(_ error: any Error & Sendable) {
        self.error = error
    }

    /// Throws.
    public func consume(_ batch: SpanBatch) async throws -> ConsumeReceipt {
        throw error
    }
}

/// Holds every batch until it is told to go on.
public actor WaitingConsumer: TraceConsumer {
    private var waiting: [CheckedContinuation<Void, Never>] = []
    private var isOpen = false
    private var arrivals: [CheckedContinuation<Void, Never>] = []
    /// Batches that were let go.
    public private(set) var finishedCount = 0

    /// Makes a consumer that holds.
    public init() {}

    /// Waits until it is told to go on, then takes the batch.
    public func consume(_ batch: SpanBatch) async throws -> ConsumeReceipt {
        if !isOpen {
            await withCheckedContinuation { continuation in
                waiting.append(continuation)
                for arrival in arrivals { arrival.resume() }
                arrivals = []
            }
        }
        finishedCount += 1
        return ConsumeReceipt(stored: batch.spans.count)
    }

    /// Returns as soon as a batch is held.
    public func waitForBatch() async {
        if waiting.isEmpty { await withCheckedContinuation { arrivals.append($0) } }
    }

    /// Lets go what is held, and holds nothing any more.
    public func goOn() {
        isOpen = true
        for held in waiting { held.resume() }
        waiting = []
    }
}
