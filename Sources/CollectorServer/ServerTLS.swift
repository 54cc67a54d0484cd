// ServerTLS.swift - certificates for both ports, taken up again when their files change.

import GRPCNIOTransportHTTP2Posix
import Logging
import NIOConcurrencyHelpers
import NIOCertificateReloading
import NIOSSL
import ServiceLifecycle
import TraceModel

/// The certificate of the server, and maybe whose clients it trusts.
struct ServerTLS: Service {
    private let files: TLSFiles
    private let reloader: TimedCertificateReloader

    /// Loads certificate and key.
    ///
    /// - Parameters:
    ///   - files: Where they are.
    ///   - interval: How often the files are looked at.
    ///   - logger: Told of a certificate that cannot be loaded again.
    /// - Throws: `ServerStartError` when they cannot be read, or do not belong together.
    init(_ files: TLSFiles, every interval: Duration, logger: Logger) throws(ServerStartError) {
        self.files = files
        let isServing = NIOLockedValueBox(false)
        let configuration = TimedCertificateReloader.Configuration(
            refreshInterval: interval,
            certificateSource: .init(location: .file(path: files.certificate), format: .pem),
            privateKeySource: .init(location: .file(path: files.key), format: .pem)
        ) {
            $0.onCertificateLoadFailed = { failure in
                // At the start the error itself is told.
                guard isServing.withLockedValue({ $0 }) else { return }
                logger.warning(
                    "the TLS certificate cannot be loaded again; the one before stays in use",
                    metadata: ["server.reason": "\(ServerStartError.line(failure.error))"]
                )
            }
        }
        do {
            reloader = try TimedCertificateReloader.makeReloaderValidatingSources(configuration: configuration)
            isServing.withLockedValue { $0 = true }
            if let authority = files.clientAuthority { _ = try NIOSSLCertificate.fromPEMFile(authority) }
        } catch {
            throw ServerStartError(tls: files, error: error)
        }
    }

    /// Looks at the files until the collector stops.
    func run() async throws {
        try await reloader.run()
    }

    /// For HTTP/1.
    func http() throws(ServerStartError) -> TLSConfiguration {
        do {
            var configuration: TLSConfiguration
            if let authority = files.clientAuthority {
                configuration = try .makeServerConfigurationWithMTLS(
                    certificateReloader: reloader,
                    trustRoots: .file(authority)
                )
            } else {
                configuration = try .makeServerConfiguration(certificateReloader: reloader)
            }
            configuration.applicationProtocols = ["http/1.1"]
            return configuration
        } catch {
            throw ServerStartError(tls: files, error: error)
        }
    }

    /// For gRPC.
    func grpc() throws(ServerStartError) -> HTTP2ServerTransport.Posix.TransportSecurity {
        do {
            return try .tls(certificateReloader: reloader) { tls in
                guard let authority = files.clientAuthority else { return }
                tls.trustRoots = .certificates([.file(path: authority, format: .pem)])
                tls.clientCertificateVerification = .noHostnameVerification
            }
        } catch {
            throw ServerStartError(tls: files, error: error)
        }
    }
}
