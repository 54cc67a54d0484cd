// ReceiverError.swift - why a receiver refused a request.

public import TraceModel

/// Why a receiver refused a request before it reached the pipeline.
public struct ReceiverError: CollectorError, Equatable {
    /// The stable reason.
    public let code: ErrorCode
    /// What was wrong, and which limit or setting was involved.
    public let message: String
    /// The part of the request that was wrong, such as a header's name; empty when it is the body.
    public let field: String

    /// Makes an error.
    public init(code: ErrorCode, message: String, field: String = "") {
        self.code = code
        self.message = message
        self.field = field
    }

    static func bodyTooLarge(_ size: String, limit: Int) -> ReceiverError {
        ReceiverError(
            code: .tooLarge,
            message: "request body is \(size), limit is \(limit) bytes (receivers.otlp.max_body_bytes)"
        )
    }

    /// An error of any kind as one with a code.
    static func coded(_ error: any Error) -> any CollectorError {
        if let error = error as? any CollectorError { return error }
        if error is CancellationError {
            return ReceiverError(code: .unavailable, message: "the collector is shutting down; send again later")
        }
        return ReceiverError(code: .internal, message: String(describing: error))
    }
}
