// LiveRoutes.swift - GET /v1/live.

import HTTPTypes
public import Hummingbird
import Logging
import ServiceLifecycle
public import TraceModel
public import TraceStore

/// How live streams are served.
public struct LiveLimits: Sendable {
    /// How often a stream looks for changes.
    ///
    /// Default 250 ms.
    public var tick = Duration.milliseconds(250)
    /// Silence after which a stream says that it is there.
    ///
    /// Default 15 s.
    public var heartbeat = Duration.seconds(15)
    /// Traces that a stream shows at most of one tick; it counts the others.
    ///
    /// Default 32.
    public var tracesPerTick = 32
    /// Streams at once.
    ///
    /// Default 100.
    public var clients = 100

    /// Makes limits of defaults.
    public init() {}
}

/// `GET /v1/live`: server-sent events (HTML standard, section 9.2) that tell of traces which match a filter.
public struct LiveRoutes<Context: RequestContext>: Sendable {
    private let reader: BoundedReader
    private let feed: any TraceFeed
    private let access: any AccessPolicy
    private let limits: LiveLimits
    private let seats: LiveSeats
    private let clock: any Clock<Duration>

    /// Makes the route.
    ///
    /// - Parameters:
    ///   - reader: Has to give up when its task is cancelled.
    ///   - feed: Tells which traces changed in what `reader` reads.
    ///   - access: Asked before anything is read, and again while the stream goes on.
    ///   - limits: How streams are served.
    ///   - deadline: Longest time for one question to the store.
    ///   - clock: Measures ticks and the deadline.
    public init(
        reader: any TraceReader,
        feed: any TraceFeed,
        access: any AccessPolicy = OpenAccess(),
        limits: LiveLimits = LiveLimits(),
        deadline: Duration = .seconds(10),
        clock: any Clock<Duration> = ContinuousClock()
    ) {
        self.reader = BoundedReader(reader: reader, deadline: deadline, clock: clock)
        self.feed = feed
        self.access = access
        self.limits = limits
        self.clock = clock
        seats = LiveSeats(limits.clients)
    }

    /// Adds the route.
    public func add(to router: some RouterMethods<Context>) {
        let path: RouterPath = "/v1/live"
        router.on(path, method: .get) { request, context in answer(request, context) }
        router.on(path, method: .head) { request, context in answer(request, context).createHeadResponse() }
        for method: HTTPRequest.Method in [.post, .put, .patch, .delete] {
            router.on(path, method: method) { _, context in
                let message = "\(method.rawValue) is not served here; allowed: GET, HEAD"
                return APIError(reason: .methodNotAllowed, message: message)
                    .response(requestID: context.id, headers: [.allow: "GET, HEAD"])
            }
        }
    }

    private func answer(_ request: Request, _ context: Context) -> Response {
        do {
            return stream(try session(request, context), of: request, try seat())
        } catch {
            return APIError(error).response(requestID: context.id)
        }
    }

    private func session(_ request: Request, _ context: Context) throws -> LiveSession {
        let credentials = Credentials(requestOf: request.headers)
        let grant = try access.grant(.read, to: credentials)
        let parameters = try QueryParameters(request.uri.query)
        return LiveSession(
            reader: reader,
            feed: feed,
            query: try TraceQuery(live: parameters, headers: request.headers, grant: grant),
            lastID: HTTPField.Name("Last-Event-ID").flatMap { request.headers[$0] } ?? parameters["last_event_id"],
            limits: limits,
            clock: clock,
            logger: context.logger,
            isAllowed: { [access] in
                // Revoked meanwhile: the client sees the reason when it connects again.
                (try? access.grant(.read, to: credentials)) == grant
            }
        )
    }

    private func seat() throws(APIError) -> LiveSeat {
        guard let seat = seats.take() else {
            throw APIError(
                reason: .storageUnavailable,
                message: "\(limits.clients) clients follow /v1/live already; ask again later, or ask /v1/traces"
            )
        }
        return seat
    }

    /// Ends at once when the server is to stop or the client goes away, also while the client takes nothing.
    private func stream(_ session: LiveSession, of request: Request, _ seat: LiveSeat) -> Response {
        let body = ResponseBody { writer in
            let wire = LiveWire(writer)
            try await request.body.consumeWithCancellationOnInboundClose { _ in
                try await cancelWhenGracefulShutdown { try await session.run(on: wire) }
            }
            withExtendedLifetime(seat) {}
            try await writer.finish(nil)
        }
        let headers: HTTPFields = [.contentType: "text/event-stream", .cacheControl: "no-store"]
        return Response(status: .ok, headers: headers, body: body)
    }
}
