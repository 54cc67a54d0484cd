// MetricsRoutes.swift - what the collector counts about itself.

import Hummingbird
import NIOCore

/// `GET /metrics` in the text format of Prometheus.
struct MetricsRoutes<Context: RequestContext>: Sendable {
    let registry: MetricsRegistry
    /// Numbers that are looked up when somebody asks.
    let gauges: @Sendable () -> [(name: String, value: Double)]

    func add(to router: some RouterMethods<Context>) {
        router.get("/metrics") { _, _ in
            Response(
                status: .ok,
                headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8"],
                body: ResponseBody(byteBuffer: ByteBuffer(string: registry.text(gauges: gauges())))
            )
        }
    }
}
