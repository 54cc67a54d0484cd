// AnswerMemoryTests.swift - answers in work are bounded, and give back what they held.

import HTTPTypes
import Synchronization
import Testing
import TraceModel

/// Memory for a number of answers at once.
private final class AnswerCount: MemorySource {
    private let free: Mutex<Int>
    let granted = Mutex(0)

    init(_ count: Int) {
        free = Mutex(count)
    }

    var left: Int { free.withLock { $0 } }

    func lease() -> any MemoryLease {
        Lease(self)
    }

    private final class Lease: MemoryLease {
        private let source: AnswerCount
        private let isHeld = Mutex(false)

        init(_ source: AnswerCount) {
            self.source = source
        }

        deinit {
            end()
        }

        func grow(by bytes: Int) async throws(MemoryShortage) {
            let isFree = source.free.withLock { free in
                defer { free = max(0, free - 1) }
                return free > 0
            }
            guard isFree else { throw MemoryShortage(message: "full") }
            isHeld.withLock { $0 = true }
            source.granted.withLock { $0 += 1 }
        }

        func shrink(by bytes: Int) {}

        func end() {
            let wasHeld = isHeld.withLock { isHeld in
                defer { isHeld = false }
                return isHeld
            }
            if wasHeld { source.free.withLock { $0 += 1 } }
        }
    }
}

@Suite struct `the memory of answers` {
    private static let paths = [
        "/v1/traces/\(SampleTrace.id)", "/v1/traces/\(SampleTrace.id)?view=tree",
        "/v1/traces/\(SampleTrace.id)?view=otlp", "/v1/traces/\(SampleTrace.id)/spans",
    ]

    private func reader() async -> InMemoryTraceReader {
        let reader = InMemoryTraceReader()
        var trace = SampleTrace(number: 1)
        trace.add(1)
        await reader.add(trace)
        return reader
    }

    @Test(arguments: paths) func `is given back when an answer is out, or was never asked for`(_ path: String)
        async throws
    {
        let memory = AnswerCount(1)
        for method in [HTTPRequest.Method.get, .head, .get] {
            #expect(try await ask(await reader(), path, method: method, memory: memory).status == .ok)
            #expect(memory.left == 1)
        }
        #expect(memory.granted.withLock { $0 } == 3)
    }

    @Test(arguments: paths) func `is a 503 when there is none left`(_ path: String) async throws {
        let answer = try await ask(await reader(), path, memory: AnswerCount(0))
        #expect(answer.status == .serviceUnavailable)
        #expect(try answer.string("error.message") == "too many large answers at once; ask again later")
    }
}
