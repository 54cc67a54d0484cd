// SessionPathTests.swift - ids of sessions in paths.

import HTTPTypes
import Testing

struct SessionPathTests {
    /// Asked without a client in between: one that knows URLs does not send such a path.
    @Test func `an id that is no UTF-8 is no session`() async throws {
        let answer = try await ask(InMemoryTraceReader(), "/v1/sessions/%FF")
        #expect(answer.status == .notFound)
        #expect(try answer.string("error.code") == "not_found")
    }
}
