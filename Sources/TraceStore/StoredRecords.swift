// StoredRecords.swift - the log records that are kept with spans.

public import TraceModel

/// Log records that carry the content of some spans of a trace.
public struct StoredRecords: Sendable, Equatable {
    /// Of how many of the spans asked for, from the first one on, the records are here; at least 1.
    public var covered: Int
    /// The encoded `LogRecord` messages of each span, in the order of arrival, equal ones once.
    public var records: [SpanID: [[UInt8]]]

    /// Makes a set of records.
    public init(covered: Int, records: [SpanID: [[UInt8]]]) {
        self.covered = covered
        self.records = records
    }
}
