// ImportError.swift - why an import cannot go on.

public import TraceModel

/// Why an import cannot go on, with the file and the place.
public struct ImportError: CollectorError, Equatable {
    /// The stable reason.
    public let code: ErrorCode
    /// The file, the place in it, and what is wrong there.
    public let message: String

    /// Something in a file cannot be read.
    static func invalid(_ message: String) -> ImportError {
        ImportError(code: .invalid, message: message)
    }
}
