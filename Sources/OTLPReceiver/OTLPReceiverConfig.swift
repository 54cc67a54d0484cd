// OTLPReceiverConfig.swift - the limits of the OTLP endpoints.

/// The limits of the OTLP endpoints.
public struct OTLPReceiverConfig: Sendable, Equatable {
    /// The largest body, as sent and again after decompression (`receivers.otlp.max_body_bytes`); 64 MiB unless set.
    ///
    /// OTLP 1.x, OTLP/HTTP Request, recommends the default.
    public var maxBodyBytes = 64 << 20

    /// Makes a configuration of defaults.
    public init() {}
}
