// CollectorError.swift - the shape of every error that reaches a client.

/// Why something was refused; each transport maps it to a status in exactly one file.
public enum ErrorCode: String, Sendable, CaseIterable {
    /// The request can never be accepted as it is.
    case invalid
    /// No key, or a wrong one.
    case unauthenticated
    /// Known who asks, or from where, and not allowed.
    case forbidden
    /// The thing asked for does not exist.
    case notFound
    /// A limit on size was passed.
    case tooLarge
    /// Too much is waiting; the same request can be accepted later.
    case overloaded
    /// The store cannot work now; the same request can be accepted later.
    case unavailable
    /// A media type, an encoding or a method that is not served.
    case unsupported
    /// A fault of the collector.
    case `internal`

    /// Whether sending the same request again can help (OTLP/HTTP, Retryable Response Codes).
    public var isRetryable: Bool {
        self == .overloaded || self == .unavailable
    }
}

/// An error with a stable code and a message that its reader can act on.
public protocol CollectorError: Error, Sendable {
    /// The stable reason.
    var code: ErrorCode { get }
    /// What happened, to what, and which limit or setting was involved. Never holds span content or keys.
    var message: String { get }
    /// When sending again can help, in whole seconds from now; nil when that is not known.
    var retryAfterSeconds: Int? { get }
}

extension CollectorError {
    /// Not known.
    public var retryAfterSeconds: Int? { nil }
}
