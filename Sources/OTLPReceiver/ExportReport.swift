// ExportReport.swift - what is counted and logged of every export, whatever the transport.

import Logging
import Metrics
import OTLPCodec
import TraceModel

/// What an export carries, and how it is encoded.
struct ExportKind: Sendable {
    var signal: OTLPSignal
    var encoding: OTLPEncoding
}

/// Counts and logs what became of exports.
struct ExportReport: Sendable {
    let transport: String
    let metrics: ReceiverMetrics
    private let refusedSpans = RefusalLog(of: .traces)
    private let refusedRecords = RefusalLog(of: .logs)

    init(transport: String, metricsFactory: any MetricsFactory) {
        self.transport = transport
        metrics = ReceiverMetrics(transport: transport, factory: metricsFactory)
    }

    /// Takes note of spans or log records that were decoded; what becomes of them is reported next.
    func received(_ items: Int, of export: ExportKind) {
        metrics[export.signal, export.encoding].received.increment(by: items)
    }

    /// Takes note of an export that was taken, maybe not with all of its spans or log records.
    func accepted(_ outcome: ExportOutcome, of export: ExportKind, bytes: Int, _ logger: Logger) async {
        let counters = metrics[export.signal, export.encoding]
        counters.accepted.increment(by: outcome.accepted)
        counters.ignored?.increment(by: outcome.ignored)
        let rejected = outcome.rejected
        if rejected.count > 0 {
            counters.rejected.increment(by: rejected.count)
            await log(of: export.signal)
                .note(.invalid, reason: rejected.message, items: rejected.count, logger: logger)
        }
        logger.debug(
            "export accepted",
            metadata: [
                "receiver.transport": "\(transport)", "receiver.encoding": "\(export.encoding)",
                "receiver.signal": "\(export.signal)", "body.bytes": "\(bytes)",
                "batch.accepted": "\(outcome.accepted)", "batch.rejected": "\(rejected.count)",
            ]
        )
    }

    /// Takes note of an export that was refused as a whole; `items` is nil where they were not known yet.
    func refused(_ error: any CollectorError, items: Int?, of export: ExportKind, _ logger: Logger) async {
        let counters = metrics[export.signal, export.encoding]
        if let items {
            counters.refused.increment(by: items)
        } else {
            counters.refusedRequests.increment()
        }
        if error.code == .internal {
            logger.error("export failed", metadata: ["error.message": "\(error.message)"])
        } else {
            await log(of: export.signal).note(error.code, reason: error.message, items: items ?? 0, logger: logger)
        }
        logger.debug(
            "export refused",
            metadata: [
                "receiver.transport": "\(transport)", "receiver.encoding": "\(export.encoding)",
                "receiver.signal": "\(export.signal)", "error.code": "\(error.code)", "batch.items": "\(items ?? 0)",
            ]
        )
    }

    private func log(of signal: OTLPSignal) -> RefusalLog {
        switch signal {
        case .traces: refusedSpans
        case .logs: refusedRecords
        }
    }
}
