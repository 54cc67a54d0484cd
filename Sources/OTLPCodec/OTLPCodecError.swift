// OTLPCodecError.swift - what can be wrong with OTLP bytes.

public import TraceModel

/// What is wrong with bytes that should be OTLP.
public struct OTLPCodecError: CollectorError, Equatable {
    /// The stable reason.
    public let code: ErrorCode
    /// What is wrong and where; never holds content.
    public let message: String

    /// Makes an error.
    public init(code: ErrorCode, message: String) {
        self.code = code
        self.message = message
    }

    static func invalid(_ message: String) -> OTLPCodecError {
        OTLPCodecError(code: .invalid, message: message)
    }
}
