// Reading.swift - clocks, counters and memory at one moment.

import CAllocationCount
import Foundation
import Glibc

/// What this thread and the whole process have used so far.
///
/// Making one sets the mark of the most memory back to what is held now.
struct Reading {
    let wall = Self.seconds(CLOCK_MONOTONIC)
    let threadCPU = Self.seconds(CLOCK_THREAD_CPUTIME_ID)
    let processCPU = Self.seconds(CLOCK_PROCESS_CPUTIME_ID)
    let threadAllocations = skein_allocations_of(skein_this_thread())
    let processAllocations = skein_allocations_of(0)
    /// The most since the mark was set back, and what is held now; KiB.
    let peak = Self.status("VmHWM:")
    let held = Self.status("VmRSS:")

    init() {
        // Linux sets VmHWM back for a 5; where it may not be written, peaks are those of the process.
        try? "5".write(toFile: "/proc/self/clear_refs", atomically: false, encoding: .utf8)
    }

    private static func seconds(_ clock: clockid_t) -> Double {
        var time = timespec()
        clock_gettime(clock, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    private static func status(_ field: String) -> Int {
        let text = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        let line = text.split(separator: "\n").first { $0.hasPrefix(field) }
        return line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) } ?? 0
    }
}

/// A thread of this process, by the name that it gave itself.
struct NamedThread {
    let id: Int64

    /// The thread of a name, if there is one.
    init?(_ name: String) {
        // A list read while other threads end may lack some that are there.
        for _ in 0..<20 {
            if let found = Self.find(name) {
                id = found
                return
            }
        }
        return nil
    }

    private static func find(_ name: String) -> Int64? {
        let all = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/task")) ?? []
        for thread in all {
            let known = try? String(contentsOfFile: "/proc/self/task/\(thread)/comm", encoding: .utf8)
            if known?.trimmingCharacters(in: .newlines) == name { return Int64(thread) }
        }
        return nil
    }

    /// Seconds of CPU so far.
    var cpu: Double {
        let text = try? String(contentsOfFile: "/proc/self/task/\(id)/schedstat", encoding: .utf8)
        return (text?.split(separator: " ").first.flatMap { Double($0) } ?? 0) / 1e9
    }

    /// Blocks asked of malloc so far.
    var allocations: UInt64 { skein_allocations_of(id) }
}
