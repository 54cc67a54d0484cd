// MaintenanceCounts.swift - what is counted and told of retention.

import Dispatch
import Logging
import Metrics

/// What `/metrics` shows of deletion.
struct MaintenanceCounts {
    let traces: Counter
    let bytes: Counter
    let expired: Counter

    init(_ factory: any MetricsFactory) {
        func counter(_ label: String) -> Counter { Counter(label: label, dimensions: [], factory: factory) }
        traces = counter("store_deleted_traces")
        bytes = counter("store_deleted_bytes")
        expired = counter("store_expired_traces")
    }
}

/// Tells when retention begins to delete, not of each trace.
struct RetentionNotes {
    /// It is told again after so long.
    private static let silence: UInt64 = 3_600_000_000_000

    private let logger: Logger
    private var told: [String: UInt64] = [:]

    init(logger: Logger) {
        self.logger = logger
    }

    mutating func begins(_ setting: String) {
        let now = DispatchTime.now().uptimeNanoseconds
        if let last = told[setting], now - last < Self.silence { return }
        told[setting] = now
        logger.info("retention begins to delete", metadata: ["store.setting": "\(setting)"])
    }
}
