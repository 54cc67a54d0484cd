// MetricsRegistryTests.swift - the text that Prometheus reads.

import CoreMetrics
import Testing

@testable import CollectorServer

struct MetricsRegistryTests {
    private let registry = MetricsRegistry()

    private var lines: [String] { registry.text(gauges: []).split(separator: "\n").map(String.init) }

    @Test func `a counter has its labels, a type and a suffix`() {
        let counter = Counter(label: "spans", dimensions: [("transport", "http")], factory: registry)
        counter.increment(by: 3)
        counter.increment()
        #expect(lines == ["# TYPE skein_spans_total counter", #"skein_spans_total{transport="http"} 4"#])
    }

    @Test func `the same label and dimensions are the same counter`() {
        Counter(label: "spans", dimensions: [("a", "1")], factory: registry).increment()
        Counter(label: "spans", dimensions: [("a", "1")], factory: registry).increment()
        Counter(label: "spans", dimensions: [("a", "2")], factory: registry).increment()
        #expect(lines.filter { $0.hasPrefix("# TYPE") }.count == 1)
        #expect(lines.contains(#"skein_spans_total{a="1"} 2"#))
        #expect(lines.contains(#"skein_spans_total{a="2"} 1"#))
    }

    @Test func `a timer is a histogram in seconds whose buckets add up`() {
        let timer = Timer(label: "commit_seconds", dimensions: [], factory: registry)
        timer.recordNanoseconds(400_000)
        timer.recordNanoseconds(60_000_000)
        timer.recordNanoseconds(30_000_000_000)
        #expect(lines.contains(#"skein_commit_seconds_bucket{le="0.00025"} 0"#))
        #expect(lines.contains(#"skein_commit_seconds_bucket{le="0.0005"} 1"#))
        #expect(lines.contains(#"skein_commit_seconds_bucket{le="0.1"} 2"#))
        #expect(lines.contains(#"skein_commit_seconds_bucket{le="10"} 2"#))
        #expect(lines.contains(#"skein_commit_seconds_bucket{le="+Inf"} 3"#))
        #expect(lines.contains("skein_commit_seconds_count 3"))
        #expect(lines.contains("skein_commit_seconds_sum 30.0604"))
    }

    @Test func `a gauge goes up and down, and values of labels are escaped`() {
        let meter = Meter(label: "depth", dimensions: [("name", "a\"b\\c\nd")], factory: registry)
        meter.set(5)
        meter.decrement(by: 1.5)
        #expect(lines.contains(#"skein_depth{name="a\"b\\c\nd"} 3.5"#))
    }

    @Test func `numbers that are looked up come last`() {
        Counter(label: "spans", dimensions: [], factory: registry).increment()
        let text = registry.text(gauges: [("queue_bytes", 12)])
        #expect(text.hasSuffix("# TYPE skein_queue_bytes gauge\nskein_queue_bytes 12\n"))
    }
}
