// ZoneFilterTests.swift - which sessions and users a zone may have.

import TestSupport
import Testing

@testable import SQLiteStore

struct ZoneFilterTests {
    private func hash(_ random: inout SeededRandom) -> Int64 {
        Int64(bitPattern: (0..<4).reduce(UInt64(0)) { value, _ in value << 16 | UInt64(random.below(1 << 16)) })
    }

    @Test(arguments: [ZoneFilter.size, 4096])
    func `what was added is found where its trace is, in filters of both forms`(_ size: Int) {
        var random = SeededRandom(seed: 3)
        var bits = Array(ZoneFilter.empty.prefix(size))
        let added = (0..<1024).map { (trace: Int64(5 << 10 | $0), hash: hash(&random)) }
        for (trace, hash) in added { _ = ZoneFilter.insert(hash, of: trace, into: &bits) }
        bits.withUnsafeBytes { bits in
            for (trace, hash) in added {
                #expect(ZoneFilter.traces(of: 5, in: ZoneFilter.slices(with: hash, bits)).contains(trace))
            }
            let others = (0..<1000).map { _ in ZoneFilter.slices(with: hash(&random), bits) }
            #expect(others.count { $0 != 0 } < 60)
            guard size == ZoneFilter.size else { return }
            let traces = added.reduce(0) {
                $0 + ZoneFilter.traces(of: 5, in: ZoneFilter.slices(with: $1.hash, bits)).count
            }
            #expect(traces < 1024 * 140)
        }
    }

    @Test func `slices are ranges of traces, and no filter leaves nothing out`() {
        #expect(ZoneFilter.traces(of: 2, in: .max) == 2048..<3072)
        #expect(ZoneFilter.traces(of: 2, in: 1) == 2048..<2176)
        #expect(ZoneFilter.traces(of: 2, in: 0b0010_0100) == 2048 + 256..<2048 + 768)
        #expect(ZoneFilter.traces(of: 2, in: 0).isEmpty)
        [UInt8]().withUnsafeBytes { #expect(ZoneFilter.slices(with: 1, $0) == .max) }
    }
}
