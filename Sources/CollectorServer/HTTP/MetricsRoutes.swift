// MetricsRoutes.swift - what the collector counts about itself.

import Hummingbird
import NIOCore
import QueryAPI
import TraceModel

/// `GET /metrics` in the text format of Prometheus.
struct MetricsRoutes<Context: RequestContext>: Sendable {
    let registry: MetricsRegistry
    /// Asked first: the numbers tell how much others send.
    let access: any AccessPolicy
    /// Numbers that are looked up when somebody asks.
    let gauges: @Sendable () -> [(name: String, value: Double)]

    func add(to router: some RouterMethods<Context>) {
        router.get("/metrics") { request, _ in
            do throws(AccessError) {
                _ = try access.grant(.read, to: Credentials(requestOf: request.headers))
            } catch {
                return try Response.json(refusing: error, to: request)
            }
            return Response(
                status: .ok,
                headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8"],
                body: ResponseBody(byteBuffer: ByteBuffer(string: registry.text(gauges: gauges())))
            )
        }
    }
}
