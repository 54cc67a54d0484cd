// CredentialsTests.swift - where clients put their keys.

import Testing
import TraceModel

struct CredentialsTests {
    @Test(arguments: [
        ("Bearer secret", ["secret"]), ("bearer   secret ", ["secret"]), ("secret", ["secret"]),
        // user:secret, :secret, user:se:cret
        ("Basic dXNlcjpzZWNyZXQ=", ["secret"]), ("basic OnNlY3JldA==", ["secret"]),
        ("Basic dXNlcjpzZTpjcmV0", ["se:cret"]),
        // No colon, no base64, no UTF-8.
        ("Basic c2VjcmV0", []), ("Basic ???", []), ("Basic Ov8=", []),
        ("Digest secret", []), ("Bearer ", ["Bearer"]), ("", []), (" ", []),
    ])
    func `a key is found in Authorization`(_ value: String, _ keys: [String]) {
        #expect(Credentials(authorization: [value], keys: []).candidates == keys)
    }

    @Test func `every place is read, Authorization first`() {
        let fields = ["authorization": ["Bearer a", "b"], "x-api-key": ["c "], "api_key": ["d"], "cookie": ["e"]]
        #expect(Credentials { fields[$0] ?? [] }.candidates == ["a", "b", "c", "d"])
        #expect(Credentials { _ in [] }.candidates.isEmpty)
    }

    @Test(arguments: [("shop", true), ("Größe 2", true), ("", false), ("a\nb", false), ("a\u{202E}b", false)])
    func `a project has a printable name`(_ name: String, _ isFine: Bool) {
        #expect((ProjectName.problem(name) == nil) == isFine)
    }

    @Test func `a project's name has at most 128 bytes`() {
        #expect(ProjectName.problem(String(repeating: "é", count: 64)) == nil)
        #expect(ProjectName.problem(String(repeating: "é", count: 64) + "x")?.contains("129 bytes") == true)
    }
}
