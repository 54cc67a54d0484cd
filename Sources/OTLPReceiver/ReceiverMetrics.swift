// ReceiverMetrics.swift - what a receiver counts.

import Metrics
import OTLPCodec

/// What a receiver counts, by transport and encoding.
struct ReceiverMetrics: Sendable {
    /// The counters of one encoding.
    struct Counters: Sendable {
        /// Spans of requests that could be decoded: accepted, refused, rejected or still in work.
        let receivedSpans: Counter
        /// Spans that are on disk, now or before.
        let acceptedSpans: Counter
        /// Spans of batches that the pipeline did not take; the client was told so.
        let refusedSpans: Counter
        /// Spans that can never be accepted; the client was told so by partial success.
        let rejectedSpans: Counter
        /// Requests refused before their spans were known.
        let refusedRequests: Counter
    }

    /// Requests with logs, answered and dropped.
    let ignoredLogRequests: Counter
    /// Requests with metrics, answered and dropped.
    let ignoredMetricRequests: Counter
    private let protobuf: Counters
    private let json: Counters

    init(transport: String, factory: any MetricsFactory) {
        func counter(_ label: String, _ encoding: String? = nil) -> Counter {
            let dimensions = [("transport", transport)] + (encoding.map { [("encoding", $0)] } ?? [])
            return Counter(label: label, dimensions: dimensions, factory: factory)
        }
        func counters(_ encoding: String) -> Counters {
            Counters(
                receivedSpans: counter("receiver_received_spans", encoding),
                acceptedSpans: counter("receiver_accepted_spans", encoding),
                refusedSpans: counter("receiver_refused_spans", encoding),
                rejectedSpans: counter("receiver_rejected_spans", encoding),
                refusedRequests: counter("receiver_refused_requests", encoding)
            )
        }
        protobuf = counters("protobuf")
        json = counters("json")
        ignoredLogRequests = counter("receiver_ignored_log_requests")
        ignoredMetricRequests = counter("receiver_ignored_metric_requests")
    }

    subscript(encoding: OTLPEncoding) -> Counters {
        switch encoding {
        case .protobuf: protobuf
        case .json: json
        }
    }
}
