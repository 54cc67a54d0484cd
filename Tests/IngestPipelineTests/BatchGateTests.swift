// BatchGateTests.swift - how much is in work at once.

import OTLPCodec
import Synchronization
import TestSupport
import Testing
import TraceModel
import TraceStore

@testable import IngestPipeline

@Suite(.timeLimit(.minutes(1)))
struct BatchGateTests {
    /// Notes who came in, and how many were behind.
    private final class Notes: Sendable {
        let entered = Mutex<[(name: Int, behind: Int)]>([])

        var names: [Int] { entered.withLock { $0.map(\.name) } }
        var behind: [Int] { entered.withLock { $0.map(\.behind) } }
    }

    /// Sends a batch to the gate, and returns when it is in or waits.
    private func come(_ name: Int, _ bytes: Int, to gate: BatchGate, _ notes: Notes) async {
        let before = gate.waiting + notes.names.count
        Task {
            let behind = await gate.enter(bytes)
            notes.entered.withLock { $0.append((name, behind)) }
        }
        while gate.waiting + notes.names.count == before { await Task.yield() }
    }

    private func wait(for count: Int, in notes: Notes) async {
        while notes.names.count < count { await Task.yield() }
    }

    @Test func `what fits goes in, the rest waits in its order until something is stored`() async {
        let gate = BatchGate(bytes: 100)
        let notes = Notes()
        await come(1, 60, to: gate, notes)
        await come(2, 40, to: gate, notes)
        await come(3, 50, to: gate, notes)
        await come(4, 10, to: gate, notes)
        #expect(notes.names == [1, 2])
        gate.leave(40)
        #expect(gate.waiting == 2, "the third does not fit yet, and the fourth stays behind it")
        gate.leave(60)
        await wait(for: 4, in: notes)
        #expect(gate.waiting == 0)
        gate.leave(50)
        gate.leave(10)
        await come(5, 100, to: gate, notes)
        #expect(notes.names.last == 5)
    }

    @Test func `a batch larger than everything goes in alone`() async {
        let gate = BatchGate(bytes: 100)
        let notes = Notes()
        await come(1, 10, to: gate, notes)
        await come(2, 5000, to: gate, notes)
        await come(3, 10, to: gate, notes)
        #expect(notes.names == [1])
        gate.leave(10)
        await wait(for: 2, in: notes)
        #expect(notes.names == [1, 2])
        gate.leave(5000)
        await wait(for: 3, in: notes)
    }

    @Test func `who goes in hears how many wait behind`() async {
        let gate = BatchGate(bytes: 10)
        let notes = Notes()
        for name in 0..<100 { await come(name, 10, to: gate, notes) }
        for count in 2...100 {
            gate.leave(10)
            await wait(for: count, in: notes)
        }
        #expect(notes.names == Array(0..<100))
        #expect(notes.behind == [0] + (0..<99).reversed())
    }

    /// Takes batches and answers when it is told to.
    private final class SlowWriter: TraceWriter, PendingReceipt {
        private let state = Mutex((begun: 0, behind: 0, asked: [CheckedContinuation<Void, Never>]()))

        var begun: Int { state.withLock { $0.begun } }
        var behind: Int { state.withLock { $0.behind } }

        func write(_ batch: SpanBatch) async throws(StoreError) -> ConsumeReceipt {
            try await begin(batch, behind: 0).receipt()
        }

        func begin(_ batch: SpanBatch, behind: Int) throws(StoreError) -> any PendingReceipt {
            state.withLock { state in
                state.begun += 1
                state.behind = behind
            }
            return self
        }

        func receipt() async throws(StoreError) -> ConsumeReceipt {
            await withCheckedContinuation { continuation in
                state.withLock { $0.asked.append(continuation) }
            }
            return ConsumeReceipt(stored: 1)
        }

        /// Answers one batch, when one waits.
        func answer() {
            state.withLock { $0.asked.popLast() }?.resume()
        }
    }

    @Test func `large batches that are not stored yet hold up the next ones, small batches pass`() async throws {
        let writer = SlowWriter()
        let pipeline = TracePipeline(writer: writer, extraction: SpanExtractor())
        let text = SampleValue.text(String(repeating: "x", count: TracePipeline.mostInWork / 64))
        func batch(of count: Int, _ trace: UInt64) throws -> SpanBatch {
            let spans = (1...UInt64(count)).map {
                SampleSpan(trace: trace, id: $0).with(("text", count > 1 ? text : .text("")))
            }
            return try ExportRequestDecoder().decode(
                BatchStorage(copying: SampleSpan.request(spans)),
                project: nil,
                as: .traces
            ).batch
        }
        let large = try batch(of: 40, 1)
        let small = try batch(of: 1, 2)
        try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<4 { group.addTask { try await pipeline.consume(large).stored } }
            while writer.begun < 1 { await Task.yield() }
            group.addTask { try await pipeline.consume(small).stored }
            while writer.begun < 2 { await Task.yield() }
            for _ in 0..<1000 { await Task.yield() }
            #expect(writer.begun == 2)
            var stored = 0
            let answers = Task {
                while !Task.isCancelled {
                    writer.answer()
                    await Task.yield()
                }
            }
            for try await count in group { stored += count }
            answers.cancel()
            #expect(stored == 5)
            #expect(writer.begun == 5)
        }
    }
}
