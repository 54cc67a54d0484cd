// StoreError.swift - what went wrong in a store.

public import TraceModel

/// What went wrong in a store, and whether a retry can help.
public struct StoreError: CollectorError, Equatable {
    /// The stable reason, mapped to a status in one file per transport.
    public let code: ErrorCode
    /// What happened, to what, and which limit or setting was involved.
    public let message: String

    /// Makes an error.
    public init(code: ErrorCode, message: String) {
        self.code = code
        self.message = message
    }
}
