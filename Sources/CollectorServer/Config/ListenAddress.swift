// ListenAddress.swift - HOST:PORT.

/// Where a server listens: a host name or address, and a port.
public struct ListenAddress: Sendable, Equatable, CustomStringConvertible {
    /// A name, an IPv4 address or an IPv6 address, the latter without brackets.
    public var host: String
    /// 0 to 65,535; 0 lets the system choose.
    public var port: Int

    /// Makes an address.
    public init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    /// Reads `HOST:PORT`, such as `127.0.0.1:4318`, `localhost:0` or `[::1]:4318`; nil for anything else.
    public init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":") else { return nil }
        let digits = text[text.index(after: colon)...]
        guard !digits.isEmpty, digits.allSatisfy({ $0.isASCII && $0.isNumber }), let port = Int(digits), port <= 65_535
        else { return nil }
        var host = text[..<colon]
        if host.first == "[", host.last == "]" {
            host = host.dropFirst().dropLast()
            guard host.contains(":") else { return nil }
        } else if host.contains(where: { ":[]".contains($0) }) {
            return nil
        }
        guard !host.isEmpty, !host.contains(where: \.isWhitespace) else { return nil }
        self.init(host: String(host), port: port)
    }

    /// `HOST:PORT`, with brackets around an IPv6 address.
    public var description: String {
        host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    }

    /// Whether only this machine can reach it.
    public var isLoopback: Bool { HostName(host).isLoopback || host == "::1" }

    /// Whether every interface of the machine is meant.
    public var isAnyInterface: Bool {
        host == "0.0.0.0" || host == "::"
    }
}
