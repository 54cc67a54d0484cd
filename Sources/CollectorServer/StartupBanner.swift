// StartupBanner.swift - what a person sees when the collector has started.

/// What a person sees when the collector has started.
public struct StartupBanner: Sendable, Equatable {
    /// Where it listens, with the real ports.
    public var addresses: ServedAddresses
    /// Where the data lies.
    public var dataDirectory: String

    /// Makes a banner.
    public init(addresses: ServedAddresses, dataDirectory: String) {
        self.addresses = addresses
        self.dataDirectory = dataDirectory
    }

    /// The lines, ending with a line break.
    public var text: String {
        let url = "\(addresses.isSecure ? "https" : "http")://\(reachable)"
        return """
            skein \(SkeinVersion.current)
              listening  \(listening)
              data       \(dataDirectory)
              access     \(access)

            Point your application here:
              export OTEL_EXPORTER_OTLP_ENDPOINT=\(url)
              export OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf\(keyLine)

            Open \(url)/ in a browser to look at them. Stop: Ctrl-C

            """
    }

    private var access: String {
        if addresses.needsKey { return "with a key ('skein keys list')" }
        let isOpen = !addresses.http.isLoopback || addresses.grpc?.isLoopback == false
        return isOpen ? "EVERYBODY who reaches it, no key needed" : "this machine, no key needed"
    }

    private var keyLine: String {
        addresses.needsKey ? "\n  export OTEL_EXPORTER_OTLP_HEADERS=x-api-key=KEY" : ""
    }

    private var listening: String {
        guard let grpc = addresses.grpc else { return "\(addresses.http)" }
        return "\(addresses.http) (HTTP), \(grpc) (gRPC)"
    }

    /// An address that a client on this machine can use.
    private var reachable: ListenAddress {
        let address = addresses.http
        guard address.isAnyInterface else { return address }
        return ListenAddress(host: address.host == "::" ? "::1" : "127.0.0.1", port: address.port)
    }
}
