// GRPCHealthService.swift - the health service that probes of gRPC servers ask.

import COTLP
public import GRPCCore
import TraceModel

/// `grpc.health.v1.Health`: whether the collector can take spans.
///
/// Source: the gRPC health checking protocol.
public struct GRPCHealthService: RegistrableRPCService {
    private let isReady: @Sendable () async -> Bool
    private let interval: Duration
    private static let service = "grpc.health.v1.Health"
    /// The services that can be asked for; the empty name is the server as a whole.
    private static let known: Set<String> = [
        "", service, "opentelemetry.proto.collector.trace.v1.TraceService",
        "opentelemetry.proto.collector.logs.v1.LogsService", "opentelemetry.proto.collector.metrics.v1.MetricsService",
    ]

    /// Makes the service.
    ///
    /// - Parameters:
    ///   - interval: How often a watched status is looked at.
    ///   - isReady: Whether spans can be stored now.
    public init(interval: Duration = .seconds(1), isReady: @escaping @Sendable () async -> Bool) {
        self.interval = interval
        self.isReady = isReady
    }

    /// See `RegistrableRPCService`.
    public func registerMethods<Transport: ServerTransport>(with router: inout RPCRouter<Transport>) {
        router.registerHandler(
            forMethod: MethodDescriptor(fullyQualifiedService: Self.service, method: "Check"),
            deserializer: RawMessageReader(),
            serializer: RawMessageWriter()
        ) { request, _ in
            let name = try Self.name(try await ServerRequest(stream: request))
            guard Self.known.contains(name) else {
                throw RPCError(code: .notFound, message: "no such service is served here")
            }
            return StreamingServerResponse(single: ServerResponse(message: Self.answer(await status)))
        }
        router.registerHandler(
            forMethod: MethodDescriptor(fullyQualifiedService: Self.service, method: "Watch"),
            deserializer: RawMessageReader(),
            serializer: RawMessageWriter()
        ) { request, context in
            let name = try Self.name(try await ServerRequest(stream: request))
            return StreamingServerResponse { writer in
                try await watch(name, context) { try await writer.write(Self.answer($0)) }
                return [:]
            }
        }
    }

    /// Sends the status, then every change, until the client goes away or the server stops.
    private func watch(
        _ name: String,
        _ context: ServerContext,
        send: (Grpc__Health__V1__HealthCheckResponse__ServingStatus) async throws -> Void
    ) async throws {
        var last: Grpc__Health__V1__HealthCheckResponse__ServingStatus?
        while !context.cancellation.isCancelled {
            let now = Self.known.contains(name) ? await status : Self.unknownService
            if now != last { try await send(now) }
            last = now
            try await Task.sleep(for: interval)
        }
    }

    private var status: Grpc__Health__V1__HealthCheckResponse__ServingStatus {
        get async { await isReady() ? Self.serving : Self.notServing }
    }

    private static let serving = GRPC__HEALTH__V1__HEALTH_CHECK_RESPONSE__SERVING_STATUS__SERVING
    private static let notServing = GRPC__HEALTH__V1__HEALTH_CHECK_RESPONSE__SERVING_STATUS__NOT_SERVING
    private static let unknownService = GRPC__HEALTH__V1__HEALTH_CHECK_RESPONSE__SERVING_STATUS__SERVICE_UNKNOWN

    private static func name(_ asked: ServerRequest<RawMessage>) throws(RPCError) -> String {
        let message = try? asked.message.smallMessage(asked.metadata)
        let bytes = message?.bytes ?? UnsafeRawBufferPointer(start: nil, count: 0)
        let start = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
        guard message != nil, let request = grpc__health__v1__health_check_request__unpack(nil, bytes.count, start)
        else {
            throw RPCError(code: .invalidArgument, message: "not a HealthCheckRequest")
        }
        defer { grpc__health__v1__health_check_request__free_unpacked(request, nil) }
        let name = request.pointee.service
        return String(decoding: UnsafeBufferPointer(start: name.data, count: name.len), as: UTF8.self)
    }

    private static func answer(_ status: Grpc__Health__V1__HealthCheckResponse__ServingStatus) -> [UInt8] {
        var response = Grpc__Health__V1__HealthCheckResponse()
        grpc__health__v1__health_check_response__init(&response)
        response.status = status
        let size = grpc__health__v1__health_check_response__get_packed_size(&response)
        return [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            count = grpc__health__v1__health_check_response__pack(&response, buffer.baseAddress)
        }
    }
}
