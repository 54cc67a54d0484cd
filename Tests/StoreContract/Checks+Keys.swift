// Checks+Keys.swift - what a store promises of keys.

import Testing
import TestSupport
import TraceModel
import TraceStore

extension Checks {
    func keys() async throws {
        #expect(try await store.keys().isEmpty)
        let first = AccessKey(id: "a", name: "ci", project: "shop", scopes: [.ingest], hash: [1, 2], createdAt: 1)
        let second = AccessKey(id: "b", name: "", project: "new", scopes: [.read, .admin], hash: [0], createdAt: 2)
        try await store.addKey(second)
        try await store.addKey(first)
        #expect(try await store.keys() == [first, second])
        let taken = await #expect(throws: StoreError.self) { try await store.addKey(first) }
        #expect(taken?.code == .invalid)
        let revoked = try #require(try await store.revokeKey("a"))
        #expect(try #require(revoked.revokedAt) > 1_700_000_000)
        #expect(try await store.revokeKey("a") == revoked)
        #expect(try await store.revokeKey("c") == nil)
        #expect(try await store.keys() == [revoked, second])
        // The project of a key takes spans like any other.
        try await write(SampleSpan(trace: 1, id: 1), project: "new")
        #expect(try await store.summaries(of: TraceID(high: 0xABCD, low: 1), in: .only("new")).count == 1)
    }
}
