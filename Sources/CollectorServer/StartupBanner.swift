// StartupBanner.swift - what a person sees when the collector has started.

/// What a person sees when the collector has started.
public struct StartupBanner: Sendable, Equatable {
    /// Where it listens, with the real port.
    public var address: ListenAddress
    /// Where the data lies.
    public var dataDirectory: String

    /// Makes a banner.
    public init(address: ListenAddress, dataDirectory: String) {
        self.address = address
        self.dataDirectory = dataDirectory
    }

    /// The lines, ending with a line break.
    public var text: String {
        let url = "http://\(reachable)"
        return """
            skein \(SkeinVersion.current)
              listening  \(address)
              data       \(dataDirectory)

            Point your application here:
              export OTEL_EXPORTER_OTLP_ENDPOINT=\(url)
              export OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf

            Traces: \(url)/v1/traces    Stop: Ctrl-C

            """
    }

    /// An address that a client on this machine can use.
    private var reachable: ListenAddress {
        guard address.isAnyInterface else { return address }
        return ListenAddress(host: address.host == "::" ? "::1" : "127.0.0.1", port: address.port)
    }
}
