// OTLPGRPCServices.swift - the OTLP/gRPC endpoints.

public import GRPCCore
public import Logging
public import Metrics
import OTLPCodec
public import TraceModel

/// The OTLP/gRPC endpoints: traces and logs are taken, metrics are answered and dropped.
///
/// OTLP 1.x, OTLP/gRPC: https://opentelemetry.io/docs/specs/otlp/#otlpgrpc
public struct OTLPGRPCServices: RegistrableRPCService {
    private let intake: ExportIntake
    private let memory: any MemorySource
    private let access: any AccessPolicy
    private let report: ExportReport
    private let logger: Logger

    /// Makes the endpoints.
    ///
    /// - Parameters:
    ///   - config: The limits.
    ///   - consumer: Takes the spans.
    ///   - logs: Takes the log records.
    ///   - memory: Pays for messages until the answer.
    ///   - access: Asked before a message is taken; its project goes before what the sender names.
    ///   - logger: Gets what is logged; never content.
    ///   - metricsFactory: Makes the counters.
    public init(
        config: OTLPReceiverConfig,
        consumer: any TraceConsumer,
        logs: any LogConsumer,
        memory: any MemorySource,
        access: any AccessPolicy = OpenAccess(),
        logger: Logger,
        metricsFactory: any MetricsFactory = MetricsSystem.factory
    ) {
        intake = ExportIntake(consumer: consumer, logs: logs, maxBodyBytes: config.maxBodyBytes)
        self.memory = memory
        self.access = access
        self.logger = logger
        report = ExportReport(transport: "grpc", metricsFactory: metricsFactory)
    }

    /// See `RegistrableRPCService`.
    public func registerMethods<Transport: ServerTransport>(with router: inout RPCRouter<Transport>) {
        take(.traces, by: Self.export(of: "trace", "TraceService"), &router)
        take(.logs, by: Self.export(of: "logs", "LogsService"), &router)
        ignore(Self.export(of: "metrics", "MetricsService"), report.metrics.ignoredMetricRequests, &router)
    }

    private static func export(of signal: String, _ service: String) -> MethodDescriptor {
        MethodDescriptor(
            fullyQualifiedService: "opentelemetry.proto.collector.\(signal).v1.\(service)",
            method: "Export"
        )
    }

    private func take<Transport: ServerTransport>(
        _ signal: OTLPSignal,
        by method: MethodDescriptor,
        _ router: inout RPCRouter<Transport>
    ) {
        router.registerHandler(
            forMethod: method,
            deserializer: RawMessageReader(),
            serializer: RawMessageWriter()
        ) { request, context in
            let grant = try await granted(request.metadata, for: signal)
            let request = try await ServerRequest(stream: request)
            let answer = try await export(signal, request, grant, isGivenUp: { context.cancellation.isCancelled })
            return StreamingServerResponse(single: ServerResponse(message: answer))
        }
    }

    // `isGivenUp` tells whether the deadline has passed, or the client has gone.
    private func export(
        _ signal: OTLPSignal,
        _ request: ServerRequest<RawMessage>,
        _ grant: AccessGrant,
        isGivenUp: @Sendable () -> Bool
    ) async throws -> [UInt8] {
        let lease = memory.lease()
        defer { lease.end() }
        let bytes = request.message.storage.bytes.count
        do {
            let named = try ProjectName.checked(Array(request.metadata[stringValues: "x-skein-project"]))
            try await lease.grow(by: bytes)
            // From here on the spans will be stored, and the client is told so.
            if isGivenUp() { throw GivenUp() }
            let payload = ExportPayload(request.message, request.metadata, project: grant.project ?? named)
            let export = ExportKind(signal: signal, encoding: .protobuf)
            let outcome = try await intake.take(payload, of: signal, lease: lease) { report.received($0, of: export) }
            await report.accepted(outcome, of: export, bytes: bytes, logger)
            return OTLPAnswer.success(outcome.rejected, as: .protobuf, for: signal)
        } catch let refused as RefusedBatch {
            throw await refusal(refused.cause, items: refused.spans, of: signal)
        } catch {
            throw await refusal(error, items: nil, of: signal)
        }
    }

    private func granted(_ metadata: Metadata, for signal: OTLPSignal = .traces) async throws -> AccessGrant {
        do {
            return try access.grant(.ingest, to: Credentials(metadata))
        } catch {
            throw await refusal(error, items: nil, of: signal)
        }
    }

    private func refusal(_ cause: any Error, items: Int?, of signal: OTLPSignal) async -> RPCError {
        let error = ReceiverError.coded(cause)
        await report.refused(error, items: items, of: ExportKind(signal: signal, encoding: .protobuf), logger)
        return cause is GivenUp ? OTLPGRPCErrors.cancelled : OTLPGRPCErrors.status(of: error)
    }

    /// Senders export metrics to the same address; without an answer they would complain all the time.
    private func ignore<Transport: ServerTransport>(
        _ method: MethodDescriptor,
        _ counter: Counter,
        _ router: inout RPCRouter<Transport>
    ) {
        router.registerHandler(
            forMethod: method,
            deserializer: IgnoredMessageReader(),
            serializer: RawMessageWriter()
        ) { request, _ in
            _ = try await granted(request.metadata)
            _ = try await ServerRequest(stream: request)
            counter.increment()
            return StreamingServerResponse(
                single: ServerResponse(message: OTLPAnswer.success(.none, as: .protobuf))
            )
        }
    }
}

/// The deadline of a call has passed, or its client has gone.
private struct GivenUp: CollectorError {
    let code = ErrorCode.unavailable
    let message = "the call was given up before its spans were handed on"
}

extension ExportPayload {
    fileprivate init(_ message: RawMessage, _ metadata: Metadata, project: String?) {
        body = message.storage
        encoding = .protobuf
        compression = message.compression(metadata)
        self.project = project
    }
}
