// TraceMap.swift - trace id -> trace number of the newest traces, in memory.

import TraceModel

/// Where a trace stands: its project and number.
struct TraceLocation: Hashable {
    var project: Int64
    var number: Int64
}

/// An open-addressing map from (trace id, project) to the trace's number; the same id may stand in several projects.
struct TraceMap {
    /// 24 bytes: there are up to a quarter of a million.
    private struct Entry {
        var id: TraceID
        var project: Int32
        /// The trace's number less `base`, plus one; `free`: nothing; `gone`: was taken back.
        var place: UInt32

        static let free: UInt32 = 0
        static let gone = UInt32.max

        var isThere: Bool { place != Self.free && place != Self.gone }
    }

    private static let none = Entry(id: TraceID(high: 0, low: 0), project: 0, place: Entry.free)
    private var entries: ContiguousArray<Entry>
    private var used = 0
    /// The least number that can be in it.
    private var base: Int64

    /// Makes an empty map with room for `capacity` traces, of which none has a number below `base`.
    init(base: Int64 = 0, capacity: Int = 0) {
        self.base = base
        entries = ContiguousArray(repeating: Self.none, count: Self.places(for: capacity))
    }

    /// Entries that are there.
    private(set) var count = 0

    /// The numbers of a trace id, one for each project that has it.
    func locations(of id: TraceID) -> [TraceLocation] {
        var found: [TraceLocation] = []
        var index = start(of: id)
        while entries[index].place != Entry.free {
            let entry = entries[index]
            if entry.id == id, entry.isThere {
                found.append(TraceLocation(project: Int64(entry.project), number: number(of: entry)))
            }
            index = next(index)
        }
        return found
    }

    /// The number of a trace id in a project.
    func number(of id: TraceID, project: Int64) -> Int64? {
        index(of: id, project: project).map { number(of: entries[$0]) }
    }

    /// Adds a trace that is not there yet.
    mutating func insert(_ id: TraceID, project: Int64, number: Int64) {
        if (used + 1) * 3 > entries.count * 2 { rebuild(from: base) }
        let place = UInt32(truncatingIfNeeded: number - base + 1)
        put(Entry(id: id, project: Int32(truncatingIfNeeded: project), place: place))
        count += 1
    }

    /// Adds traces that are not there yet, and empties the list.
    ///
    /// Many at a time, so that the processor waits for the memory of several at once: a third of the time of one by one.
    mutating func insert(_ found: inout [(TraceID, TraceLocation)]) {
        for (id, location) in found { insert(id, project: location.project, number: location.number) }
        found.removeAll(keepingCapacity: true)
    }

    /// Takes a trace back.
    mutating func remove(_ id: TraceID, project: Int64) {
        guard let index = index(of: id, project: project) else { return }
        entries[index].place = Entry.gone
        count -= 1
    }

    /// Keeps only the traces whose number is at least `number`.
    mutating func removeAll(below number: Int64) {
        rebuild(from: max(number, base))
    }

    /// The traces with numbers in `range`, in the order of their ids.
    func sorted(in range: Range<Int64>) -> [(id: TraceID, location: TraceLocation)] {
        var found: [(id: TraceID, location: TraceLocation)] = []
        for entry in entries where entry.isThere && range.contains(number(of: entry)) {
            found.append((entry.id, TraceLocation(project: Int64(entry.project), number: number(of: entry))))
        }
        found.sort { left, right in
            left.id != right.id ? left.id < right.id : left.location.project < right.location.project
        }
        return found
    }

    private func number(of entry: Entry) -> Int64 {
        base + Int64(entry.place) - 1
    }

    private func index(of id: TraceID, project: Int64) -> Int? {
        var index = start(of: id)
        while entries[index].place != Entry.free {
            if entries[index].id == id, Int64(entries[index].project) == project, entries[index].isThere {
                return index
            }
            index = next(index)
        }
        return nil
    }

    /// Places of a map that is two thirds full with so many entries.
    private static func places(for count: Int) -> Int {
        max(1024, count + count / 2 + 3)
    }

    @inline(__always)
    private func start(of id: TraceID) -> Int {
        Int(id.mixed.multipliedFullWidth(by: UInt64(entries.count)).high)
    }

    @inline(__always)
    private func next(_ index: Int) -> Int {
        index + 1 == entries.count ? 0 : index + 1
    }

    private mutating func put(_ entry: Entry) {
        var index = start(of: entry.id)
        entries.withUnsafeMutableBufferPointer { entries in
            while entries[index].place != Entry.free { index = index + 1 == entries.count ? 0 : index + 1 }
            entries[index] = entry
        }
        used += 1
    }

    /// Leaves out what is below `base`, and makes room for as many again.
    private mutating func rebuild(from base: Int64) {
        var kept = TraceMap(base: base, capacity: count * 2)
        for entry in entries where entry.isThere && number(of: entry) >= base {
            kept.put(Entry(id: entry.id, project: entry.project, place: UInt32(number(of: entry) - base + 1)))
        }
        kept.count = kept.used
        self = kept
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
