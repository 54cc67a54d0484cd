// KeyRingTests.swift - which key opens what.

@testable import CollectorServer
import TestSupport
import Testing
import TraceModel
import TraceStore

struct KeyRingTests {
    private static func bearing(_ keys: String...) -> Credentials {
        Credentials(authorization: [], keys: keys)
    }

    private static func ring(_ records: AccessKey...) async throws -> KeyRing {
        let ring = try await KeyRing(StubCollectorStore())
        for record in records { try await ring.addKey(record) }
        return ring
    }

    @Test func `a key has its id and 256 random bits, and no two are alike`() throws {
        let key = APIKey()
        let parts = key.text.split(separator: "_")
        #expect(parts.count == 3)
        #expect(parts[0] == "skein")
        #expect(parts[1] == key.id)
        #expect(parts[2].count == 43)
        #expect(APIKey() != APIKey())
        #expect(APIKey(key.text) == key)
        #expect(key.hash.count == 32)
    }

    @Test(arguments: ["", "skein_", "sk-12345", "skein_12345678_short"])
    func `what cannot be a key is not looked at`(_ text: String) {
        #expect(APIKey(text) == nil)
    }

    @Test func `without any key everybody may do everything`() async throws {
        let ring = try await Self.ring()
        #expect(ring.isOpen)
        #expect(try ring.grant(.admin, to: Self.bearing("whatever")) == .open)
    }

    @Test func `a key opens what its scopes say, in its project`() async throws {
        let reader = APIKey()
        let owner = APIKey()
        let ring = try await Self.ring(
            try reader.record(name: "", project: "shop", scopes: [.read]),
            try owner.record(name: "", project: "bank", scopes: [.admin])
        )
        #expect(try ring.grant(.read, to: Self.bearing(reader.text)).project == "shop")
        #expect(throws: AccessError.lacking(.ingest)) { try ring.grant(.ingest, to: Self.bearing(reader.text)) }
        for scope in AccessScope.allCases {
            #expect(try ring.grant(scope, to: Self.bearing(owner.text)).project == "bank")
        }
        // Of several the one that may.
        #expect(try ring.grant(.ingest, to: Self.bearing("junk", reader.text, owner.text)).project == "bank")
    }

    @Test func `without a key, with a wrong one or a revoked one nobody gets in`() async throws {
        let key = APIKey()
        let ring = try await Self.ring(try key.record(name: "", project: "shop", scopes: [.ingest]))
        #expect(!ring.isOpen)
        #expect(throws: AccessError.missing) { try ring.grant(.ingest, to: Self.bearing()) }
        #expect(throws: AccessError.unknown) { try ring.grant(.ingest, to: Self.bearing(APIKey().text)) }
        // The right id with another secret.
        let forged = String(key.text.dropLast()) + (key.text.last == "A" ? "B" : "A")
        #expect(throws: AccessError.unknown) { try ring.grant(.ingest, to: Self.bearing(forged)) }
        #expect(try await ring.revokeKey(key.id) != nil)
        #expect(throws: AccessError.unknown) { try ring.grant(.ingest, to: Self.bearing(key.text)) }
        // The last key is gone, and the door stays shut.
        #expect(throws: AccessError.missing) { try ring.grant(.ingest, to: Self.bearing()) }
    }

    @Test func `what is stored of a key does not hold its secret`() throws {
        let key = APIKey()
        let record = try key.record(name: "ci", project: "shop", scopes: [.ingest])
        #expect(!"\(record)".contains(key.text.suffix(43)))
        #expect(record.id == key.id)
    }

    @Test(arguments: [("", []), ("a\tb", [AccessScope.read]), (String(repeating: "x", count: 129), [.read])])
    func `a key that no request could use is not made`(_ project: String, _ scopes: [AccessScope]) {
        #expect(throws: KeyError.self) { try APIKey().record(name: "", project: project, scopes: Set(scopes)) }
    }
}
