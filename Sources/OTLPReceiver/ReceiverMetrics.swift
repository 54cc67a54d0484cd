// ReceiverMetrics.swift - what a receiver counts.

import Metrics
import OTLPCodec

/// What a receiver counts, by transport and encoding.
struct ReceiverMetrics: Sendable {
    /// The counters of one signal in one encoding; its items are spans or log records.
    struct Counters: Sendable {
        /// Items of requests that could be decoded: accepted, ignored, refused, rejected or still in work.
        let received: Counter
        /// Items that are on disk, now or before.
        let accepted: Counter
        /// Items of batches that the pipeline did not take; the client was told so.
        let refused: Counter
        /// Items that can never be accepted; the client was told so by partial success.
        let rejected: Counter
        /// Items that are nothing to the collector; nil for spans, which are never ignored.
        let ignored: Counter?
        /// Requests refused before their items were known, of any signal.
        let refusedRequests: Counter
    }

    /// Requests with metrics, answered and dropped.
    let ignoredMetricRequests: Counter
    private let spansInProtobuf: Counters
    private let spansInJSON: Counters
    private let recordsInProtobuf: Counters
    private let recordsInJSON: Counters

    init(transport: String, factory: any MetricsFactory) {
        func counter(_ label: String, _ encoding: String? = nil) -> Counter {
            let dimensions = [("transport", transport)] + (encoding.map { [("encoding", $0)] } ?? [])
            return Counter(label: label, dimensions: dimensions, factory: factory)
        }
        func counters(_ items: String, _ encoding: String, isIgnorable: Bool = false) -> Counters {
            Counters(
                received: counter("receiver_received_\(items)", encoding),
                accepted: counter("receiver_accepted_\(items)", encoding),
                refused: counter("receiver_refused_\(items)", encoding),
                rejected: counter("receiver_rejected_\(items)", encoding),
                ignored: isIgnorable ? counter("receiver_ignored_\(items)", encoding) : nil,
                refusedRequests: counter("receiver_refused_requests", encoding)
            )
        }
        spansInProtobuf = counters("spans", "protobuf")
        spansInJSON = counters("spans", "json")
        recordsInProtobuf = counters("log_records", "protobuf", isIgnorable: true)
        recordsInJSON = counters("log_records", "json", isIgnorable: true)
        ignoredMetricRequests = counter("receiver_ignored_metric_requests")
    }

    subscript(signal: OTLPSignal, encoding: OTLPEncoding) -> Counters {
        switch (signal, encoding) {
        case (.traces, .protobuf): spansInProtobuf
        case (.traces, .json): spansInJSON
        case (.logs, .protobuf): recordsInProtobuf
        case (.logs, .json): recordsInJSON
        }
    }
}
