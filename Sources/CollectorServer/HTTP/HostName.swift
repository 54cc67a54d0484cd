// HostName.swift - the host in a Host field, an Origin, or a setting.

import Foundation

/// A host without its port, in one spelling.
struct HostName: Hashable, Sendable {
    let text: String

    /// Reads `name`, `name:port`, `1.2.3.4:port` or `[::1]:port`.
    init(_ field: some StringProtocol) {
        var host = field.lowercased()
        if host.hasPrefix("["), let end = host.firstIndex(of: "]") {
            host = String(host[host.index(after: host.startIndex)..<end])
        } else if let colon = host.firstIndex(of: ":"), host[host.index(after: colon)...].allSatisfy(\.isNumber) {
            host = String(host[..<colon])
        }
        if host.hasSuffix(".") { host.removeLast() }
        text = host
    }

    /// Whether it can only mean this machine.
    var isLoopback: Bool {
        if text == "localhost" || text.hasSuffix(".localhost") || text == "::1" { return true }
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }
}

extension HostName {
    /// The host of an origin such as `http://localhost:3000`; nil for `null` and what is no origin.
    init?(origin: String) {
        guard let scheme = origin.range(of: "://") else { return nil }
        let rest = origin[scheme.upperBound...]
        guard !rest.isEmpty, !rest.contains("/") else { return nil }
        self.init(rest)
    }
}
