// OTLPGRPCErrors.swift - errors as gRPC statuses; the only file that knows both.

import GRPCCore
import OTLPCodec
import TraceModel

/// Errors as statuses of OTLP/gRPC, with a `google.rpc.Status` in `grpc-status-details-bin`.
///
/// OTLP 1.x, OTLP/gRPC Response, Failures: https://opentelemetry.io/docs/specs/otlp/#failures
enum OTLPGRPCErrors {
    /// What a code is called on the wire.
    struct Mapping {
        var code: RPCError.Code
        /// When to send again unless the error knows better; nil when that cannot help.
        var retryDelay: Duration?
    }

    static func mapping(of code: ErrorCode) -> Mapping {
        switch code {
        case .invalid: Mapping(code: .invalidArgument)
        case .unauthenticated: Mapping(code: .unauthenticated)
        case .forbidden: Mapping(code: .permissionDenied)
        case .notFound: Mapping(code: .notFound)
        // Without RetryInfo a client does not send it again.
        case .tooLarge: Mapping(code: .resourceExhausted)
        case .unsupported: Mapping(code: .unimplemented)
        case .overloaded: Mapping(code: .unavailable, retryDelay: .seconds(1))
        case .unavailable: Mapping(code: .unavailable, retryDelay: .seconds(5))
        case .internal: Mapping(code: .internalError)
        }
    }

    /// The status of a request that was refused.
    ///
    /// - Parameter error: Its message goes to the client, unless it is internal.
    /// - Returns: What the handler throws.
    static func status(of error: any CollectorError) -> RPCError {
        let mapping = mapping(of: error.code)
        var details: [StatusDetail] = []
        if error.code == .invalid {
            let field = (error as? ReceiverError)?.field ?? ""
            details.append(.badRequest(field: field.isEmpty ? "message" : field, description: error.message))
        }
        if let delay = mapping.retryDelay.map({ error.retryAfterSeconds.map(Duration.seconds) ?? $0 }) {
            details.append(.retryInfo(delay))
        }
        let message = error.code == .internal ? "internal error: see the log of the collector" : error.message
        var metadata = Metadata()
        if !details.isEmpty {
            let number = Int32(Status.Code(mapping.code).rawValue)
            let bytes = OTLPAnswer.status(code: number, message: message, details: details, as: .protobuf)
            metadata.addBinary(bytes, forKey: "grpc-status-details-bin")
        }
        return RPCError(code: mapping.code, message: message, metadata: metadata)
    }

    /// The status of a request whose deadline passed, or whose client went away, before its spans were handed on.
    static let cancelled = RPCError(
        code: .deadlineExceeded,
        message: "the deadline passed before the spans were stored; send them again"
    )

    /// The status of a message that stopped arriving.
    static let stalled = RPCError(code: .deadlineExceeded, message: "the message stopped arriving; send it again")
}
