// RefusalLog.swift - warnings about what was refused, without a flood.

import Logging
import OTLPCodec
import TraceModel

/// Warns about refused and rejected data, at most once in a while, with the counts since the last warning.
actor RefusalLog {
    private let message: Logger.Message
    private let interval: Duration
    private let now: @Sendable () -> ContinuousClock.Instant
    private var lastWarning: ContinuousClock.Instant?
    private var requests = 0
    private var items = 0

    /// Makes a log that has not warned yet.
    ///
    /// - Parameters:
    ///   - signal: Whose items are refused.
    ///   - interval: The least time between two warnings.
    ///   - now: Tells the time.
    init(
        of signal: OTLPSignal = .traces,
        interval: Duration = .seconds(10),
        now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
    ) {
        message = signal == .logs ? "log records were refused" : "spans were refused"
        self.interval = interval
        self.now = now
    }

    /// Counts a refused request, or one with rejected items, and warns when it is time.
    func note(_ code: ErrorCode, reason: String, items count: Int, logger: Logger) {
        requests += 1
        items += count
        let time = now()
        if let lastWarning, lastWarning.advanced(by: interval) > time { return }
        lastWarning = time
        logger.warning(
            message,
            metadata: [
                "error.code": "\(code.rawValue)", "error.message": "\(reason)",
                "refused.requests": "\(requests)", "refused.items": "\(items)",
            ]
        )
        requests = 0
        items = 0
    }
}
