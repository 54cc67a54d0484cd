import Foundation
import Hummingbird
import HummingbirdTesting
import QueryAPI
import Testing
import TraceModel
import TraceStore
import HTTPTypes
import NIOCore

@Suite struct ZZProbe {
    @Test func live() async throws {
        var trace = SampleTrace(number: 1)
        for id in 1...6000 { trace.add(UInt64(id), attribute: String(repeating: "x", count: 500)) }
        let reader = InMemoryTraceReader()
        await reader.add(trace)
        await reader.fail(with: StoreError(code: .unavailable, message: "x"), afterSpanReads: 1)
        let router = Router()
        TraceRoutes<BasicRequestContext>(reader: reader).add(to: router)
        try await Application(router: router, configuration: .init(address: .hostname("127.0.0.1", port: 0))).test(.live) { client in
            let port = client.port ?? 0
            let p = Process()
            p.executableURL = URL(fileURLWithPath: "/usr/bin/curl")
            p.arguments = ["-s", "-S", "-i", "-o", "/tmp/mini-read/out.txt", "http://127.0.0.1:\(port)/v1/traces/\(SampleTrace.id)"]
            try p.run(); p.waitUntilExit()
            print("CURL", p.terminationStatus)
            let q = Process()
            q.executableURL = URL(fileURLWithPath: "/usr/bin/curl")
            q.arguments = ["-s", "-I", "http://127.0.0.1:\(port)/v1/traces/\(SampleTrace.id)?limit=5", "-I", "http://127.0.0.1:\(port)/v1/traces"]
            try q.run(); q.waitUntilExit()
            print("HEAD", q.terminationStatus)
        }
    }
}
