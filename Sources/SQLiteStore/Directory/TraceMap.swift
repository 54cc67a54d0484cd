// TraceMap.swift - trace id -> trace number of the newest traces, in memory.

import TraceModel

/// Where a trace stands: its project and number.
struct TraceLocation: Hashable {
    var project: Int64
    var number: Int64
}

/// An open-addressing map from (trace id, project) to the trace's number; the same id may stand in several projects.
struct TraceMap {
    private struct Entry {
        var id: TraceID
        var project: Int32
        /// 0: free; -1: was taken back.
        var number: Int64
    }

    private static let free = Entry(id: TraceID(high: 0, low: 0), project: 0, number: 0)
    private var entries: ContiguousArray<Entry>
    private var used = 0

    init() {
        entries = ContiguousArray(repeating: Self.free, count: 1024)
    }

    /// Entries that are there.
    private(set) var count = 0

    /// The numbers of a trace id, one for each project that has it.
    func locations(of id: TraceID) -> [TraceLocation] {
        var found: [TraceLocation] = []
        var index = start(of: id)
        while entries[index].number != 0 {
            let entry = entries[index]
            if entry.id == id, entry.number > 0 {
                found.append(TraceLocation(project: Int64(entry.project), number: entry.number))
            }
            index = (index + 1) & (entries.count - 1)
        }
        return found
    }

    /// The number of a trace id in a project.
    func number(of id: TraceID, project: Int64) -> Int64? {
        var index = start(of: id)
        while entries[index].number != 0 {
            if entries[index].id == id, Int64(entries[index].project) == project, entries[index].number > 0 {
                return entries[index].number
            }
            index = (index + 1) & (entries.count - 1)
        }
        return nil
    }

    /// Adds a trace that is not there yet.
    mutating func insert(_ id: TraceID, project: Int64, number: Int64) {
        if (used + 1) * 3 > entries.count * 2 { rebuild { _ in true } }
        place(Entry(id: id, project: Int32(truncatingIfNeeded: project), number: number))
        count += 1
    }

    /// Takes a trace back.
    mutating func remove(_ id: TraceID, project: Int64) {
        var index = start(of: id)
        while entries[index].number != 0 {
            if entries[index].id == id, Int64(entries[index].project) == project, entries[index].number > 0 {
                entries[index].number = -1
                count -= 1
                return
            }
            index = (index + 1) & (entries.count - 1)
        }
    }

    /// Keeps only the traces whose number is at least `number`.
    mutating func removeAll(below number: Int64) {
        rebuild { $0 >= number }
    }

    /// The traces with numbers in `range`, in the order of their ids.
    func sorted(in range: Range<Int64>) -> [(id: TraceID, location: TraceLocation)] {
        var found: [(id: TraceID, location: TraceLocation)] = []
        for entry in entries where entry.number > 0 && range.contains(entry.number) {
            found.append((entry.id, TraceLocation(project: Int64(entry.project), number: entry.number)))
        }
        found.sort { left, right in
            left.id != right.id ? left.id < right.id : left.location.project < right.location.project
        }
        return found
    }

    private func start(of id: TraceID) -> Int {
        Int(truncatingIfNeeded: id.mixed) & (entries.count - 1)
    }

    private mutating func place(_ entry: Entry) {
        var index = start(of: entry.id)
        while entries[index].number != 0 {
            index = (index + 1) & (entries.count - 1)
        }
        entries[index] = entry
        used += 1
    }

    private mutating func rebuild(keeping isKept: (Int64) -> Bool) {
        let kept = entries.filter { $0.number > 0 && isKept($0.number) }
        var capacity = 1024
        while capacity < kept.count * 3 { capacity *= 2 }
        entries = ContiguousArray(repeating: Self.free, count: capacity)
        used = 0
        count = kept.count
        for entry in kept { place(entry) }
    }
}

extension TraceID {
    /// 64 well-mixed bits: ids need not be random.
    @inline(__always)
    var mixed: UInt64 {
        let (high, low) = (self.high ^ 0x9E37_79B9_7F4A_7C15).multipliedFullWidth(by: self.low ^ 0xD6E8_FEB8_6659_FD93)
        let once = high ^ low ^ self.high
        return (once ^ (once >> 32)) &* 0xA076_1D64_78BD_642F ^ (once >> 29)
    }
}
