// ServerStartError.swift - why the collector could not begin to serve.

import Foundation
import NIOCore
public import TraceModel

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Why the collector could not begin to serve.
public struct ServerStartError: CollectorError, Equatable, CustomStringConvertible {
    /// Always `unavailable`.
    public let code = ErrorCode.unavailable
    /// What happened, and what to do about it.
    public let message: String
    /// The message.
    public var description: String { message }

    /// Explains an error of the socket.
    init(address: ListenAddress, error: IOError, flag: String = "http") {
        let variable = "SKEIN_\(flag.uppercased())"
        message =
            switch error.errnoCode {
            case EADDRINUSE:
                "\(address) is in use by another process: stop it, or choose another port with --\(flag) HOST:PORT "
                    + "(\(variable)), such as --\(flag) \(ListenAddress(host: address.host, port: 0)) for any free one"
            case EACCES:
                "no permission to listen on \(address): ports below 1024 need privileges; choose another with --\(flag)"
            case EADDRNOTAVAIL:
                "\(address.host) is no address of this machine: choose another with --\(flag) HOST:PORT (\(variable))"
            default:
                "cannot listen on \(address): \(error)"
            }
    }

    /// Explains why an address is not served without keys.
    init(openTo address: ListenAddress, dataDirectory: String) {
        message =
            "\(address) can be reached from other machines, and there is no key yet: make one with 'skein keys create "
            + "--data-dir \(dataDirectory)', or let everybody in with --allow-anonymous (SKEIN_ALLOW_ANONYMOUS)"
    }

    /// Explains a certificate that cannot be used.
    init(tls files: TLSFiles, error: any Error) {
        message =
            "the TLS certificate cannot be used: \(Self.line(error)); --tls-cert \(files.certificate) and --tls-key \(files.key) have "
            + "to be PEM files that belong together"
            + (files.clientAuthority.map { ", --tls-client-ca \($0) one with certificates" } ?? "")
    }

    /// An error of a library in one line.
    static func line(_ error: any Error) -> String {
        "\(error)".split(whereSeparator: \.isNewline).map { $0.trimmingCharacters(in: .whitespaces) }.joined(
            separator: " "
        )
    }

    /// Explains a name that has no address.
    init(unknownHost address: ListenAddress, error: any Error, flag: String = "http") {
        message = "cannot find an address for \(address.host): \(error); choose another with --\(flag) HOST:PORT"
    }
}
