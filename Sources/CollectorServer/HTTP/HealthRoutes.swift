// HealthRoutes.swift - is the process alive, can it take spans.

import HTTPTypes
import Hummingbird
import TraceStore

/// Answers to probes: `/health` while the process serves, `/ready` while the store can write.
struct HealthRoutes<Context: RequestContext>: Sendable {
    let reader: any TraceReader

    private struct Status: Encodable {
        let status: String
    }

    func add(to router: some RouterMethods<Context>) {
        for method in [HTTPRequest.Method.get, .head] {
            router.on("/health", method: method) { request, _ in
                try Response.json(.ok, Status(status: "ok"), to: request)
            }
            router.on("/ready", method: method) { request, _ in
                if let reason = await reader.unreadiness() {
                    let body = ErrorBody(code: "storage_unavailable", message: reason.message)
                    return try Response.json(.serviceUnavailable, body, to: request)
                }
                return try Response.json(.ok, Status(status: "ready"), to: request)
            }
        }
    }
}
