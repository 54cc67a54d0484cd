// TLSTests.swift - both ports with a certificate.

import AsyncHTTPClient
import CollectorServer
import Foundation
import GRPCNIOTransportHTTP2Posix
import Logging
import NIOCore
import NIOHTTP1
import NIOSSL
import Testing

@Suite(.timeLimit(.minutes(2)))
struct TLSTests {
    private let folder = LiveServer.temporaryFolder()
    private let server: TestCertificate

    init() throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        server = try TestCertificate(in: folder, named: "server")
    }

    private func run(
        clients: TestCertificate? = nil,
        _ body: @escaping @Sendable (LiveServer) async throws -> Void
    ) async throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try await LiveServer.run(
            configure: {
                $0.tlsCertificate = server.certificate
                $0.tlsKey = server.key
                $0.tlsClientCA = clients?.certificate ?? ""
                $0.certificateInterval = .milliseconds(50)
            },
            body
        )
    }

    /// The status of `/health`, for a client that trusts one certificate and may have one.
    private static func health(
        _ url: String,
        trusting certificate: String,
        as client: TestCertificate? = nil
    ) async throws -> Int {
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.trustRoots = .file(certificate)
        if let client {
            tls.certificateChain = try NIOSSLCertificate.fromPEMFile(client.certificate).map { .certificate($0) }
            tls.privateKey = .privateKey(try NIOSSLPrivateKey(file: client.key, format: .pem))
        }
        let http = HTTPClient(configuration: HTTPClient.Configuration(tlsConfiguration: tls))
        let result: Result<Int, any Error>
        do {
            let answer = try await http.execute(HTTPClientRequest(url: url + "/health"), timeout: .seconds(20))
            result = .success(Int(answer.status.code))
        } catch {
            result = .failure(error)
        }
        try await http.shutdown()
        return try result.get()
    }

    @Test func `both ports speak TLS, and the certificate is checked`() async throws {
        let (own, other) = (server, try TestCertificate(in: folder, named: "other"))
        try await run { live in
            #expect(live.url.hasPrefix("https://"))
            #expect(try await Self.health(live.url, trusting: own.certificate) == 200)
            await #expect(throws: (any Error).self) { try await Self.health(live.url, trusting: other.certificate) }
            let reply = try await live.call(
                .checkHealth,
                [],
                security: .tls { $0.trustRoots = .certificates([.file(path: own.certificate, format: .pem)]) }
            )
            #expect(reply.message == [8, 1])
        }
    }

    @Test func `clients need a certificate of the authority where one is named`() async throws {
        let (own, client) = (server, try TestCertificate(in: folder, named: "client"))
        let stranger = try TestCertificate(in: folder, named: "stranger")
        try await run(clients: client) { live in
            #expect(try await Self.health(live.url, trusting: own.certificate, as: client) == 200)
            await #expect(throws: (any Error).self) { try await Self.health(live.url, trusting: own.certificate) }
            await #expect(throws: (any Error).self) {
                try await Self.health(live.url, trusting: own.certificate, as: stranger)
            }
            let reply = try await live.call(
                .checkHealth,
                [],
                security: .mTLS(
                    certificateChain: [.file(path: client.certificate, format: .pem)],
                    privateKey: .file(path: client.key, format: .pem)
                ) { $0.trustRoots = .certificates([.file(path: own.certificate, format: .pem)]) }
            )
            #expect(reply.message == [8, 1])
        }
    }

    @Test func `a certificate that is replaced on disk is taken up without a restart`() async throws {
        let own = server
        try await run { live in
            #expect(try await Self.health(live.url, trusting: own.certificate) == 200)
            try own.replace(subject: "next")
            // Until it is looked at the one before is offered, which the new file does not vouch for.
            var status: Int?
            let deadline = ContinuousClock.now + .seconds(60)
            while status == nil, ContinuousClock.now < deadline {
                status = try? await Self.health(live.url, trusting: own.certificate)
            }
            #expect(status == 200)
        }
    }

    @Test func `files that do not belong together are an error that names them`() async throws {
        let other = try TestCertificate(in: folder, named: "other")
        let own = server
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var config = CollectorConfig(dataDirectory: folder + "/data")
        config.http.port = 0
        config.grpc = .off
        config.tlsCertificate = own.certificate
        config.tlsKey = other.key
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let collector = try CollectorServer.onSQLite(config: config, logger: logger)
        let error = await #expect(throws: ServerStartError.self) { try await collector.run() }
        #expect(error?.message.contains(other.key) == true)
        #expect(error?.message.contains("\n") == false)
    }

    @Test func `a certificate without its key is a wrong setting`() {
        let environment = ["HOME": "/home/me", "SKEIN_TLS_CERT": "/a.pem"]
        let error = #expect(throws: ConfigError.self) {
            try CollectorConfig(flags: CollectorFlags(), environment: environment)
        }
        #expect(error?.message.contains("tls.cert and tls.key belong together") == true)
    }
}
