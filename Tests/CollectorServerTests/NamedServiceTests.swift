// NamedServiceTests.swift - what the log says of a part of the server.

import ServiceLifecycle
import Testing

@testable import CollectorServer

struct NamedServiceTests {
    private struct Part<Value: Sendable>: Service {
        let value: Value

        func run() async throws {}
    }

    @Test func `a service is told by the name of its type alone, never by what it holds`() {
        #expect("\(NamedService(Part(value: "sk-secret")))" == "Part")
    }
}
