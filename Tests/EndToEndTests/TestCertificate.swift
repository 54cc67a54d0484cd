// TestCertificate.swift - certificates for localhost, made for one test.

import Crypto
import Foundation
import SwiftASN1
import X509

/// A certificate for localhost that is its own authority, in two PEM files.
struct TestCertificate {
    let certificate: String
    let key: String

    /// Writes a new one into a folder.
    init(in folder: String, named name: String) throws {
        certificate = folder + "/\(name).pem"
        key = folder + "/\(name).key"
        try replace(subject: name)
    }

    /// Writes another one in its place.
    func replace(subject: String) throws {
        let secret = P256.Signing.PrivateKey()
        let name = try DistinguishedName { CommonName(subject) }
        let made = try Certificate(
            version: .v3,
            serialNumber: Certificate.SerialNumber(),
            publicKey: Certificate.PublicKey(secret.publicKey),
            notValidBefore: Date.now.addingTimeInterval(-3600),
            notValidAfter: Date.now.addingTimeInterval(3600),
            issuer: name,
            subject: name,
            signatureAlgorithm: .ecdsaWithSHA256,
            extensions: Certificate.Extensions {
                Critical(BasicConstraints.isCertificateAuthority(maxPathLength: nil))
                SubjectAlternativeNames([
                    .dnsName("localhost"), .ipAddress(ASN1OctetString(contentBytes: [127, 0, 0, 1])),
                ])
            },
            issuerPrivateKey: Certificate.PrivateKey(secret)
        )
        try Data(secret.pemRepresentation.utf8).write(to: URL(fileURLWithPath: key))
        try Data(made.serializeAsPEM().pemString.utf8).write(to: URL(fileURLWithPath: certificate))
    }
}
