// TLSFiles.swift - where the certificate of the server lies.

/// Where the certificate of the server lies; PEM files.
public struct TLSFiles: Sendable, Equatable {
    /// The certificate, followed by the ones between it and its authority.
    public var certificate: String
    /// The private key of the certificate, without a passphrase.
    public var key: String
    /// Certificates of the authorities that clients need one of; nil when clients need no certificate.
    public var clientAuthority: String?

    /// Makes a description of files.
    public init(certificate: String, key: String, clientAuthority: String? = nil) {
        self.certificate = certificate
        self.key = key
        self.clientAuthority = clientAuthority
    }
}
