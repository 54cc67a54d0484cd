// APIKey.swift - how a key looks, how it is made and known again.

import Crypto
import Foundation
public import TraceModel
public import TraceStore

/// A key: `skein_ID_SECRET`, where the id may be shown and the secret has 256 random bits.
///
/// The whole key is known only to whoever made it; the store has its SHA-256. The secret is random and long, so that a
/// slow hash would protect nothing more.
public struct APIKey: Sendable, Equatable {
    /// The whole key; shown once, never logged.
    public let text: String
    /// The part of it that may be shown.
    public let id: String

    private static let prefix = "skein_"
    private static let idLength = 8
    private static let secretLength = 43
    private static let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")

    /// Makes a new key from the system's source of random numbers.
    public init() {
        id = Self.random(Self.idLength)
        text = Self.prefix + id + "_" + Self.random(Self.secretLength)
    }

    /// Reads what a client sent; nil when it cannot be a key.
    public init?(_ text: String) {
        guard text.hasPrefix(Self.prefix),
            text.utf8.count == Self.prefix.utf8.count + Self.idLength + 1 + Self.secretLength
        else { return nil }
        id = String(text.dropFirst(Self.prefix.count).prefix(Self.idLength))
        self.text = text
    }

    /// SHA-256 of the whole key.
    public var hash: [UInt8] {
        Array(SHA256.hash(data: Data(text.utf8)))
    }

    /// Whether a stored key is this one; takes the same time whatever the answer.
    func isKnown(as key: AccessKey) -> Bool {
        SHA256.hash(data: Data(text.utf8)) == Data(key.hash)
    }

    /// What is stored of the key.
    ///
    /// - Parameters:
    ///   - name: What its owner calls it; at most 128 bytes of printable text, may be empty.
    ///   - project: Where it writes to and reads.
    ///   - scopes: What it may be used for; at least one.
    /// - Returns: The key without its secret, made now.
    /// - Throws: `KeyError` that says which of them cannot be used.
    public func record(name: String, project: String, scopes: Set<AccessScope>) throws(KeyError) -> AccessKey {
        if !name.isEmpty, let problem = ProjectName.problem(name) { throw KeyError("the name \(problem)") }
        if let problem = ProjectName.problem(project) { throw KeyError("the project \(problem)") }
        if scopes.isEmpty { throw KeyError("a key needs at least one scope") }
        return AccessKey(
            id: id,
            name: name,
            project: project,
            scopes: scopes,
            hash: hash,
            createdAt: Int64(Date().timeIntervalSince1970)
        )
    }

    private static func random(_ length: Int) -> String {
        var generator = SystemRandomNumberGenerator()
        return String((0..<length).map { _ in letters[Int.random(in: 0..<letters.count, using: &generator)] })
    }
}

/// Why a key cannot be made.
public struct KeyError: CollectorError, Equatable {
    /// Always `invalid`.
    public let code = ErrorCode.invalid
    /// What is wrong with it.
    public let message: String

    init(_ message: String) {
        self.message = message
    }
}
