// OTLPSignal.swift - what an export carries.

/// What an export carries.
public enum OTLPSignal: Sendable, CaseIterable {
    /// Spans.
    case traces
    /// Log records.
    case logs

    /// Its items in words, for messages.
    public var items: String {
        switch self {
        case .traces: "spans"
        case .logs: "log records"
        }
    }
}
