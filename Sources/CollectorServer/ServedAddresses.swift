// ServedAddresses.swift - where a running collector can be reached.

/// Where a running collector listens, with the real ports.
public struct ServedAddresses: Sendable, Equatable {
    /// HTTP: OTLP, the query API, health.
    public var http: ListenAddress
    /// OTLP/gRPC; nil when it is not served.
    public var grpc: ListenAddress?

    /// Whether both speak TLS.
    public var isSecure = false

    /// Whether clients need a key.
    public var needsKey = false

    /// Makes addresses.
    public init(http: ListenAddress, grpc: ListenAddress? = nil, isSecure: Bool = false, needsKey: Bool = false) {
        self.needsKey = needsKey
        self.http = http
        self.grpc = grpc
        self.isSecure = isSecure
    }
}
