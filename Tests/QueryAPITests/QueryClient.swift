// QueryClient.swift - asks the routes as a client would.

import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import QueryAPI
import Testing
import TraceModel
import TraceStore

/// What the routes answered.
struct Answer {
    var status: HTTPResponse.Status
    var headers: HTTPFields
    var text: String
    private let parsed: NSDictionary?

    init(_ response: TestResponse) {
        status = response.status
        headers = response.headers
        text = String(buffer: response.body)
        // Nil where there is no body or it nests deeper than Foundation reads; `json` says so when asked.
        parsed = try? JSONSerialization.jsonObject(with: Data(text.utf8)) as? NSDictionary
    }

    /// The body as Foundation reads it.
    func json() throws -> NSDictionary {
        try #require(parsed)
    }

    /// What stands under a path such as `data.0.name`.
    func value(_ path: String) throws -> Any? {
        var here: Any? = try json()
        for step in path.split(separator: ".") {
            if let index = Int(step) {
                let list = here as? NSArray
                here = list.flatMap { index < $0.count ? $0[index] : nil }
            } else {
                here = (here as? NSDictionary)?[String(step)]
            }
        }
        return here
    }

    func string(_ path: String) throws -> String? { try value(path) as? String }
    func list(_ path: String) throws -> [NSDictionary] { try value(path) as? [NSDictionary] ?? [] }
}

/// Asks the routes over `reader` for `uri`.
func ask(
    _ reader: any TraceReader,
    _ uri: String,
    method: HTTPRequest.Method = .get,
    headers: HTTPFields = HTTPFields(),
    memory: any MemorySource = UnboundedMemory(),
    clock: any Clock<Duration> = ContinuousClock()
) async throws -> Answer {
    let router = Router()
    TraceRoutes<BasicRequestContext>(reader: reader, memory: memory, clock: clock).add(to: router)
    return try await Application(router: router).test(.router) { client in
        try await client.execute(uri: uri, method: method, headers: headers) { response in
            Answer(response)
        }
    }
}

/// A clock on which every wait is over at once.
struct ImpatientClock: Clock {
    typealias Instant = ContinuousClock.Instant
    var now: Instant { ContinuousClock().now }
    var minimumResolution: Duration { .zero }
    func sleep(until deadline: Instant, tolerance: Duration?) async throws {}
}
