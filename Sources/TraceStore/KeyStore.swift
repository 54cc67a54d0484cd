// KeyStore.swift - the keys of a store: who may send and read.

public import TraceModel

/// A key as it is stored: enough to know it again, not enough to use it.
public struct AccessKey: Sendable, Equatable, Codable {
    /// The part of the key that may be shown; unique.
    public var id: String
    /// What its owner calls it; may be empty.
    public var name: String
    /// The one project that it writes to and reads.
    public var project: String
    /// What it may be used for.
    public var scopes: Set<AccessScope>
    /// SHA-256 of the whole key.
    public var hash: [UInt8]
    /// When it was made; seconds since the Unix epoch.
    public var createdAt: Int64
    /// When it was revoked; seconds since the Unix epoch, nil while it is valid.
    public var revokedAt: Int64?

    /// Makes a description of a key.
    public init(
        id: String,
        name: String,
        project: String,
        scopes: Set<AccessScope>,
        hash: [UInt8],
        createdAt: Int64,
        revokedAt: Int64? = nil
    ) {
        self.id = id
        self.name = name
        self.project = project
        self.scopes = scopes
        self.hash = hash
        self.createdAt = createdAt
        self.revokedAt = revokedAt
    }
}

/// Keeps keys.
///
/// Keys are revoked, never removed: where one was ever made, the store stays closed to those without.
public protocol KeyStore: Sendable {
    /// Every key, revoked ones too, oldest first.
    ///
    /// - Throws: `StoreError`, `unavailable` when the store cannot answer.
    func keys() async throws(StoreError) -> [AccessKey]

    /// Adds a key, and its project when there is none of that name.
    ///
    /// - Throws: `StoreError`, `unavailable` when it cannot be stored now, `invalid` when the id is taken.
    func addKey(_ key: AccessKey) async throws(StoreError)

    /// Revokes a key for good; one that is revoked already stays as it is.
    ///
    /// - Returns: The key; nil when there is none of that id.
    /// - Throws: `StoreError`, `unavailable` when it cannot be stored now.
    func revokeKey(_ id: String) async throws(StoreError) -> AccessKey?
}
