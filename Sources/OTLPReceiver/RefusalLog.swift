// RefusalLog.swift - warnings about what was refused, without a flood.

import Logging
import TraceModel

/// Warns about refused and rejected data, at most once in a while, with the counts since the last warning.
actor RefusalLog {
    private let interval: Duration
    private let now: @Sendable () -> ContinuousClock.Instant
    private var lastWarning: ContinuousClock.Instant?
    private var requests = 0
    private var spans = 0

    /// Makes a log that has not warned yet.
    ///
    /// - Parameters:
    ///   - interval: The least time between two warnings.
    ///   - now: Tells the time.
    init(interval: Duration = .seconds(10), now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }) {
        self.interval = interval
        self.now = now
    }

    /// Counts a refused request, or one with rejected spans, and warns when it is time.
    func note(_ code: ErrorCode, reason: String, spans count: Int, logger: Logger) {
        requests += 1
        spans += count
        let time = now()
        if let lastWarning, lastWarning.advanced(by: interval) > time { return }
        lastWarning = time
        logger.warning(
            "spans were refused",
            metadata: [
                "error.code": "\(code.rawValue)", "error.message": "\(reason)",
                "refused.requests": "\(requests)", "refused.spans": "\(spans)",
            ]
        )
        requests = 0
        spans = 0
    }
}
