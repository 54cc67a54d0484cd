// KeyRing.swift - the keys that a running collector knows.

import NIOConcurrencyHelpers
import TraceModel
import TraceStore

/// The keys of the store, kept in memory for every request; changed through here, so that a change counts at once.
///
/// Where a key was ever made, nobody gets in without one, also when all of them were revoked since: revoking a key must
/// never open a door.
final class KeyRing: AccessPolicy, KeyStore {
    private let store: any KeyStore
    private let known: NIOLockedValueBox<[String: AccessKey]>

    /// Reads the keys of a store.
    ///
    /// - Throws: `StoreError`.
    init(_ store: any KeyStore) async throws(StoreError) {
        self.store = store
        known = NIOLockedValueBox(Self.byID(try await store.keys()))
    }

    /// Whether requests need no key.
    var isOpen: Bool { known.withLockedValue { $0.isEmpty } }

    /// See `AccessPolicy`.
    func grant(_ scope: AccessScope, to credentials: Credentials) throws(AccessError) -> AccessGrant {
        let keys = known.withLockedValue { $0 }
        if keys.isEmpty { return .open }
        guard !credentials.candidates.isEmpty else { throw .missing }
        var refusal = AccessError.unknown
        for case let sent? in credentials.candidates.map(APIKey.init) {
            guard let key = keys[sent.id], sent.isKnown(as: key), key.revokedAt == nil else { continue }
            if key.scopes.contains(scope) || key.scopes.contains(.admin) { return AccessGrant(project: key.project) }
            refusal = .lacking(scope)
        }
        throw refusal
    }

    /// See `KeyStore`.
    func keys() async throws(StoreError) -> [AccessKey] {
        try await store.keys()
    }

    /// See `KeyStore`.
    func addKey(_ key: AccessKey) async throws(StoreError) {
        try await store.addKey(key)
        known.withLockedValue { $0[key.id] = key }
    }

    /// See `KeyStore`.
    func revokeKey(_ id: String) async throws(StoreError) -> AccessKey? {
        guard let key = try await store.revokeKey(id) else { return nil }
        known.withLockedValue { $0[id] = key }
        return key
    }

    private static func byID(_ keys: [AccessKey]) -> [String: AccessKey] {
        Dictionary(keys.map { ($0.id, $0) }) { first, _ in first }
    }
}
