// LogConsumer.swift - where receivers hand log records.

/// The log records of one request.
public struct LogBatch: Sendable {
    /// The records, as slices; those without valid ids have none.
    public var records: SpanBatch
    /// The project that the sender or its key names for all of them; nil where each resource may name its own.
    public var project: String?

    /// Makes a batch.
    public init(records: SpanBatch, project: String?) {
        self.records = records
        self.project = project
    }
}

/// What became of the log records of a batch.
public struct LogReceipt: Sendable, Equatable {
    /// Records that are on disk, now or before: as spans, or as the content of spans.
    public var accepted: Int
    /// Records that are nothing to the collector.
    public var ignored: Int
    /// Records that can never be accepted.
    public var rejected: RejectedSpans

    /// Makes a receipt.
    public init(accepted: Int = 0, ignored: Int = 0, rejected: RejectedSpans = .none) {
        self.accepted = accepted
        self.ignored = ignored
        self.rejected = rejected
    }
}

/// Takes log records from receivers.
public protocol LogConsumer: Sendable {
    /// Takes every record of the batch that is of use, but those that the receipt rejects.
    ///
    /// Returning means that they survive a crash. After an error some may be stored; to send them again is safe.
    ///
    /// - Parameter logs: Their records have passed the scanner.
    /// - Returns: What became of the records.
    /// - Throws: A `CollectorError`; `overloaded` and `unavailable` can be tried again.
    func consume(_ logs: LogBatch) async throws -> LogReceipt

    /// Bytes of memory that consuming the batch may take beside it; receivers pay for them before they hand it on.
    func workingBytes(of logs: LogBatch) -> Int
}

extension LogConsumer {
    /// Nothing worth counting.
    public func workingBytes(of logs: LogBatch) -> Int { 0 }
}
