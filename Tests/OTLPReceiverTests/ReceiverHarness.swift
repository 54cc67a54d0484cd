// ReceiverHarness.swift - the OTLP routes without a socket.

import HTTPTypes
import Hummingbird
import IngestPipeline
import Logging
import MetricsTestKit
import NIOCore
import NIOEmbedded
import OTLPReceiver
import TestSupport
import TraceModel

/// The OTLP routes behind a router, without a socket.
struct ReceiverHarness {
    let metrics = TestMetrics()
    let budget: MemoryBudget
    let log = RecordingLog()
    private let responder: RouterResponder<BasicRequestContext>

    init(
        _ consumer: any TraceConsumer = RecordingConsumer(),
        logs: any LogConsumer = RecordingLogConsumer(),
        maxBodyBytes: Int = 1 << 20,
        budgetBytes: Int = 4 << 20
    ) {
        budget = MemoryBudget(limitBytes: budgetBytes, patience: .zero)
        var config = OTLPReceiverConfig()
        config.maxBodyBytes = maxBodyBytes
        let router = Router(context: BasicRequestContext.self)
        OTLPHTTPRoutes(config: config, consumer: consumer, logs: logs, memory: budget, metricsFactory: metrics)
            .add(to: router)
        responder = router.buildResponder()
    }

    /// What came back.
    struct Answer {
        var status: Int
        var headers: [String: String]
        var body: [UInt8]

        var text: String { String(decoding: body, as: UTF8.self) }
        var type: String? { headers["content-type"] }
    }

    /// Sends a request whose body comes in chunks; its length is declared unless `declared` is false.
    func send(
        _ method: HTTPRequest.Method = .post,
        _ path: String = "/v1/traces",
        type: String? = "application/x-protobuf",
        body chunks: [[UInt8]] = [],
        declared: Bool = true,
        headers: [String: String] = [:]
    ) async throws -> Answer {
        var fields = HTTPFields()
        fields[.contentType] = type
        if declared { fields[.contentLength] = String(chunks.reduce(0) { $0 + $1.count }) }
        for (name, value) in headers {
            if let name = HTTPField.Name(name) { fields[name] = value }
        }
        let (body, source) = RequestBody.makeStream()
        let request = Request(
            head: HTTPRequest(method: method, scheme: "http", authority: "test", path: path, headerFields: fields),
            body: body
        )
        async let response = respond(to: request)
        for chunk in chunks { await source.yield(ByteBuffer(bytes: chunk)) }
        source.finish()
        return try await response
    }

    private func respond(to request: Request) async throws -> Answer {
        var logger = Logger(label: "test") { _ in log }
        logger[metadataKey: "hb.request.id"] = "request-1"
        let source = ApplicationRequestContextSource(channel: EmbeddedChannel(), logger: logger)
        let response = try await responder.respond(to: request, context: BasicRequestContext(source: source))
        let collector = BodyCollector()
        try await response.body.write(collector)
        let headers = response.headers.map { ($0.name.canonicalName, $0.value) }
        return Answer(
            status: response.status.code,
            headers: Dictionary(headers) { first, _ in first },
            body: collector.bytes
        )
    }
}

/// Collects the body of an answer.
private final class BodyCollector: ResponseBodyWriter {
    private(set) var bytes: [UInt8] = []

    func write(_ buffer: ByteBuffer) async throws {
        bytes += Array(buffer.readableBytesView)
    }

    func finish(_ trailingHeaders: HTTPFields?) async throws {}
}

/// Requests that the tests send.
enum Sample {
    /// A request of so many good spans.
    static func spans(_ count: UInt8 = 1) -> [UInt8] {
        WireWriter.request { scope in
            for number in 1...count { scope.span(trace: 1, span: number) }
        }
    }

    /// One good span, and one without ids.
    static let withOneBadSpan = WireWriter.request { scope in
        scope.span(trace: 1, span: 1)
        scope.message(2) { $0.string(5, "no ids") }
    }

    static let json = Array(
        """
        {"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"5b8efff798038103d269b633813fc60c",\
        "spanId":"eee19b7ec3c1b174","name":"chat"}]}]}]}
        """.utf8
    )

    static let broken: [UInt8] = [0x0A, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F, 1, 2, 3]
}
