// OTLPHTTPRoutes.swift - the OTLP/HTTP endpoints.

import HTTPTypes
public import Hummingbird
import Logging
public import Metrics
import OTLPCodec
public import TraceModel

/// The OTLP/HTTP endpoints: traces and logs are taken, metrics are answered and dropped.
///
/// OTLP 1.x, OTLP/HTTP: https://opentelemetry.io/docs/specs/otlp/#otlphttp
public struct OTLPHTTPRoutes<Context: RequestContext>: Sendable {
    private let reader: RequestBodyReader
    private let intake: ExportIntake
    private let memory: any MemorySource
    private let access: any AccessPolicy
    private let report: ExportReport

    /// Makes the endpoints.
    ///
    /// - Parameters:
    ///   - config: The limits.
    ///   - consumer: Takes the spans.
    ///   - logs: Takes the log records.
    ///   - memory: Pays for bodies, in all their forms, until the answer.
    ///   - access: Asked before a body is read; its project goes before what the sender names.
    ///   - metricsFactory: Makes the counters.
    public init(
        config: OTLPReceiverConfig,
        consumer: any TraceConsumer,
        logs: any LogConsumer,
        memory: any MemorySource,
        access: any AccessPolicy = OpenAccess(),
        metricsFactory: any MetricsFactory = MetricsSystem.factory
    ) {
        reader = RequestBodyReader(maxBodyBytes: config.maxBodyBytes)
        intake = ExportIntake(consumer: consumer, logs: logs, maxBodyBytes: config.maxBodyBytes)
        self.memory = memory
        self.access = access
        report = ExportReport(transport: "http", metricsFactory: metricsFactory)
    }

    /// Adds the endpoints to a router.
    ///
    /// `GET`, `HEAD` and `DELETE` on `/v1/traces` are left to the query API; every other method but `POST` is answered here.
    /// A trailing slash makes no difference to the router. Behind a prefix only `POST` is served.
    public func add(to router: some RouterMethods<Context>) {
        for path: RouterPath in ["/v1/traces", "**/v1/traces"] {
            router.post(path) { request, context in try await export(.traces, request, context) }
        }
        for path: RouterPath in ["/v1/logs", "**/v1/logs"] {
            router.post(path) { request, context in try await export(.logs, request, context) }
        }
        router.post("/v1/metrics") { request, context in
            try await ignore(request, context, counter: report.metrics.ignoredMetricRequests)
        }
        refuseOtherMethods(on: router, path: "/v1/traces", allowed: [.get, .head, .post, .delete])
        refuseOtherMethods(on: router, path: "/v1/logs", allowed: [.post])
        refuseOtherMethods(on: router, path: "/v1/metrics", allowed: [.post])
    }

    private func refuseOtherMethods(
        on router: some RouterMethods<Context>,
        path: RouterPath,
        allowed: [HTTPRequest.Method]
    ) {
        let allow = allowed.map(\.rawValue).joined(separator: ", ")
        let methods: [HTTPRequest.Method] = [.get, .head, .post, .put, .patch, .delete, .options, .trace]
        for method in methods where !allowed.contains(method) {
            router.on(path, method: method) { request, _ in
                let encoding = OTLPEncoding(request.headers) ?? .json
                let answer = OTLPHTTPErrors.methodNotAllowed(allow: allow, as: encoding)
                return request.method == .head ? answer.createHeadResponse() : answer
            }
        }
    }

    private func export(_ signal: OTLPSignal, _ request: Request, _ context: Context) async throws -> Response {
        let lease = memory.lease()
        defer { lease.end() }
        do {
            let grant = try access.grant(.ingest, to: Credentials(request.headers))
            var head = try ExportHead(request.headers)
            if let project = grant.project { head.project = project }
            let body = try await reader.collect(request, lease: lease)
            var (response, outcome) = try await take(ExportPayload(body, head), of: signal, lease: lease, context)
            // For those who ask: OTLP itself does not tell duplicates apart.
            if let outcome, request.headers[.skeinReceipt] != nil {
                response.headers[.skeinReceipt] = outcome.receipt
            }
            return response
        } catch let error as any CollectorError {
            let export = ExportKind(signal: signal, encoding: OTLPEncoding(request.headers) ?? .json)
            return await refuse(error, items: nil, of: export, context)
        }
        // Anything else is a broken connection, which the server deals with.
    }

    private func take(
        _ payload: consuming ExportPayload,
        of signal: OTLPSignal,
        lease: any MemoryLease,
        _ context: Context
    ) async throws -> (Response, ExportOutcome?) {
        let export = ExportKind(signal: signal, encoding: payload.encoding)
        let bytes = payload.body.bytes.count
        let outcome: ExportOutcome
        do {
            outcome = try await intake.take(payload, of: signal, lease: lease) { report.received($0, of: export) }
        } catch let refused as RefusedBatch {
            let error = ReceiverError.coded(refused.cause)
            return (await refuse(error, items: refused.spans, of: export, context), nil)
        }
        await report.accepted(outcome, of: export, bytes: bytes, context.logger)
        let body = OTLPAnswer.success(outcome.rejected, as: export.encoding, for: signal)
        return (Response(status: .ok, encoding: export.encoding, body: body), outcome)
    }

    private func refuse(
        _ error: any CollectorError,
        items: Int?,
        of export: ExportKind,
        _ context: Context
    ) async -> Response {
        await report.refused(error, items: items, of: export, context.logger)
        return OTLPHTTPErrors.answer(to: error, as: export.encoding, requestID: context.requestName)
    }

    /// Senders export metrics to the same address; without an answer they would complain all the time.
    private func ignore(_ request: Request, _ context: Context, counter: Counter) async throws -> Response {
        do {
            _ = try access.grant(.ingest, to: Credentials(request.headers))
            let head = try ExportHead(request.headers)
            try await reader.discard(request)
            counter.increment()
            return Response(status: .ok, encoding: head.encoding, body: OTLPAnswer.success(.none, as: head.encoding))
        } catch let error as any CollectorError {
            let export = ExportKind(signal: .traces, encoding: OTLPEncoding(request.headers) ?? .json)
            return await refuse(error, items: nil, of: export, context)
        }
    }
}

extension ExportOutcome {
    /// What became of the request, as the header field tells it.
    fileprivate var receipt: String {
        "stored=\(accepted - duplicates), duplicates=\(duplicates), ignored=\(ignored), rejected=\(rejected.count)"
    }
}

extension RequestContext {
    /// The id that the server gave the request; `Context.id` would stop the process where a log handler keeps none.
    fileprivate var requestName: String {
        logger[metadataKey: "hb.request.id"]?.description ?? "unknown"
    }
}
