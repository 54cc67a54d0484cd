// OrderPropertyTests.swift - the result depends neither on the order of arrival nor on how spans were split.

import Testing
import TraceAssembly
import TraceModel

struct OrderPropertyTests {
    @Test(arguments: 0..<16)
    func `random traces come to what the plain rules say, in any order and split`(shard: Int) {
        for seed in 0..<125 {
            check(seed: UInt64(shard * 1000 + seed), spans: seed % 10 == 0 ? 40...60 : 10...30, orders: 3)
        }
        for seed in 0..<10 {
            check(seed: UInt64(shard * 1000 + seed + 1_000_000), spans: 1...9, orders: 4)
        }
    }

    @Test(arguments: 0..<6)
    func `groups beyond the limit of walks come to what the plain rules say`(shard: Int) {
        check(seed: UInt64(shard + 2_000_000), spans: 150...250, ids: 1...2, orders: 4)
    }

    private func check(seed: UInt64, spans: ClosedRange<Int>, ids: ClosedRange<Int> = 1...6, orders: Int) {
        var source = RandomTrace(seed: seed, spans: spans, ids: ids)
        let versions = source.versions()
        let reference = ReferenceAssembly(versions)
        let expected = (summary: reference.summary, rows: reference.rows)
        var random = SeededGenerator(seed: seed &+ 77)
        for order in 0..<orders {
            let arrival =
                order == 0 ? versions : order == 1 ? versions.reversed() : versions.shuffled(using: &random)
            var arrived = Arrival()
            arrived.insert(arrival, using: &random)
            #expect(arrived.trace.summary == expected.summary, "seed \(seed) order \(order)")
            #expect(arrived.rowsBySpan == expected.rows, "seed \(seed) order \(order)")
            #expect(arrived.faults.isEmpty, "seed \(seed) order \(order)")
            let misjudged = reference.spans.keys.filter { id in
                let scope = arrived.trace.scope(of: id)
                return scope?.0 != reference.judged[id]?.scope || scope?.1 != reference.judged[id]?.rule
            }
            #expect(misjudged.isEmpty, "seed \(seed) order \(order)")
            guard order == orders - 1 else { continue }
            #expect(arrived.changesByRepeating(arrival).isEmpty, "seed \(seed)")
            var replay = AssembledTrace(arrival)
            let numbers = Dictionary(uniqueKeysWithValues: replay.takeChangedCalls().map { ($0.number, $0.spanID) })
            #expect(numbers == arrived.rows.mapValues(\.spanID), "seed \(seed)")
        }
    }
}

/// A trace that arrives in pieces, and the rows that a store would have of it.
private struct Arrival {
    var trace = AssembledTrace()
    var rows: [UInt32: AssembledCall] = [:]
    var faults: [String] = []

    var rowsBySpan: [SpanID: AssembledCall] {
        var result: [SpanID: AssembledCall] = [:]
        for var row in rows.values {
            row.number = 0
            row.isNew = true
            result[row.spanID] = row
        }
        return result
    }

    mutating func insert(_ versions: [SpanVersionStub], using random: inout SeededGenerator) {
        let pause = random.pick([5, 30, 100])
        for version in versions {
            trace.insert(version)
            if random.chance(pause) { store() }
        }
        store()
    }

    /// What inserting everything once more changes.
    mutating func changesByRepeating(_ versions: [SpanVersionStub]) -> [String] {
        let before = trace.summary
        var changes = versions.filter { trace.insert($0) != .duplicate }.map { "span \($0.facts.spanID.hex)" }
        trace.settle()
        changes += trace.takeChangedCalls().map { "row \($0.number)" }
        return trace.summary == before ? changes : changes + ["summary"]
    }

    private mutating func store() {
        trace.settle()
        for call in trace.takeChangedCalls() {
            if call.isNew != (rows[call.number] == nil) { faults.append("row \(call.number) is new: \(call.isNew)") }
            rows[call.number] = call.removed ? nil : call
        }
    }
}
