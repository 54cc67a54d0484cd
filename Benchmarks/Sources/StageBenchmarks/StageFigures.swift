// StageFigures.swift - what a stage took, and how that is printed.

import Foundation

/// The figures of one run of a stage.
struct StageFigures {
    var name: String
    var spansPerSecond: Double
    /// Microseconds of CPU.
    var cpuPerSpan: Double
    var allocationsPerSpan: Double
    /// Memory above what was held before, at most; MiB.
    var peak: Double

    init(name: String, spansPerSecond: Double, cpuPerSpan: Double, allocationsPerSpan: Double, peak: Double) {
        self.name = name
        self.spansPerSecond = spansPerSecond
        self.cpuPerSpan = cpuPerSpan
        self.allocationsPerSpan = allocationsPerSpan
        self.peak = peak
    }

    /// The figures of a stage that ran on this thread alone.
    init(_ name: String, spans: Int, from before: Reading, to after: Reading) {
        let count = Double(max(spans, 1))
        self.init(
            name: name,
            spansPerSecond: count / (after.wall - before.wall),
            cpuPerSpan: (after.threadCPU - before.threadCPU) / count * 1e6,
            allocationsPerSpan: Double(after.threadAllocations - before.threadAllocations) / count,
            peak: Double(max(0, after.peak - before.held)) / 1024
        )
    }

    /// The median of each figure.
    static func median(_ runs: [StageFigures]) -> StageFigures {
        func middle(_ value: (StageFigures) -> Double) -> Double {
            runs.map(value).sorted()[runs.count / 2]
        }
        return StageFigures(
            name: runs[0].name,
            spansPerSecond: middle(\.spansPerSecond),
            cpuPerSpan: middle(\.cpuPerSpan),
            allocationsPerSpan: middle(\.allocationsPerSpan),
            peak: middle(\.peak)
        )
    }

    static let head = "stage               spans/s   CPU us/span   allocations/span   peak MiB"

    var line: String {
        let rate = String(format: "%11.0f%14.3f%19.3f%11.1f", spansPerSecond, cpuPerSpan, allocationsPerSpan, peak)
        return name.padding(toLength: 16, withPad: " ", startingAt: 0) + rate
    }
}
