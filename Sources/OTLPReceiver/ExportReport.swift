// ExportReport.swift - what is counted and logged of every export, whatever the transport.

import Logging
import Metrics
import OTLPCodec
import TraceModel

/// Counts and logs what became of exports.
struct ExportReport: Sendable {
    let transport: String
    let metrics: ReceiverMetrics
    private let refusals = RefusalLog()

    init(transport: String, metricsFactory: any MetricsFactory) {
        self.transport = transport
        metrics = ReceiverMetrics(transport: transport, factory: metricsFactory)
    }

    /// Takes note of spans that were decoded; what becomes of them is reported next.
    func received(_ spans: Int, _ encoding: OTLPEncoding) {
        metrics[encoding].receivedSpans.increment(by: spans)
    }

    /// Takes note of an export that was taken, maybe not with all of its spans.
    func accepted(_ outcome: ExportOutcome, bytes: Int, _ encoding: OTLPEncoding, _ logger: Logger) async {
        metrics[encoding].acceptedSpans.increment(by: outcome.accepted)
        let rejected = outcome.rejected
        if rejected.count > 0 {
            metrics[encoding].rejectedSpans.increment(by: rejected.count)
            await refusals.note(.invalid, reason: rejected.message, spans: rejected.count, logger: logger)
        }
        logger.debug(
            "export accepted",
            metadata: [
                "receiver.transport": "\(transport)", "receiver.encoding": "\(encoding)", "body.bytes": "\(bytes)",
                "batch.spans": "\(outcome.accepted)", "batch.rejected": "\(rejected.count)",
            ]
        )
    }

    /// Takes note of an export that was refused as a whole; `spans` is nil where they were not known yet.
    func refused(_ error: any CollectorError, spans: Int?, _ encoding: OTLPEncoding, _ logger: Logger) async {
        if let spans {
            metrics[encoding].refusedSpans.increment(by: spans)
        } else {
            metrics[encoding].refusedRequests.increment()
        }
        if error.code == .internal {
            logger.error("export failed", metadata: ["error.message": "\(error.message)"])
        } else {
            await refusals.note(error.code, reason: error.message, spans: spans ?? 0, logger: logger)
        }
        logger.debug(
            "export refused",
            metadata: [
                "receiver.transport": "\(transport)", "receiver.encoding": "\(encoding)",
                "error.code": "\(error.code)", "batch.spans": "\(spans ?? 0)",
            ]
        )
    }
}
