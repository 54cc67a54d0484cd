// GRPCListener.swift - where gRPC is served, if at all.

/// Where gRPC is served, if at all.
public enum GRPCListener: Sendable, Equatable {
    /// Not at all.
    case off
    /// At this address, which must be free.
    case at(ListenAddress)
    /// At this address if it is free.
    case ifFree(ListenAddress)

    /// Reads `HOST:PORT` or `off`; nil for anything else.
    public init?(_ text: String) {
        if text.lowercased() == "off" {
            self = .off
        } else if let address = ListenAddress(text) {
            self = .at(address)
        } else {
            return nil
        }
    }

    /// The address; nil when gRPC is off.
    public var address: ListenAddress? {
        switch self {
        case .off: nil
        case .at(let address), .ifFree(let address): address
        }
    }
}
