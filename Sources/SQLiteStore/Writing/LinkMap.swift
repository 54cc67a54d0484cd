// LinkMap.swift - keys of calls to trace numbers, in memory.

/// An open-addressing map from 64-bit keys to signed trace numbers, at most two thirds full: 18 bytes for an entry.
///
/// The multiplier is random, so that a sender cannot choose ids that collide; no result depends on it.
struct LinkMap {
    private var keys = ContiguousArray<Int64>()
    /// The number less `base`, plus one, with its sign; `free`: nothing; `gone`: was taken back.
    private var places = ContiguousArray<Int32>()
    private var used = 0
    private var base: Int64 = 0
    private static let free: Int32 = 0
    private static let gone = Int32.min
    /// Numbers below that of the first entry that can be told.
    private static let past: Int64 = 1 << 30
    private static let multiplier = UInt64.random(in: .min ... .max) | 1

    /// Entries that are there.
    private(set) var count = 0

    /// The number of a key; nil when there is none.
    ///
    /// A number that is a billion below or above that of the first entry is not kept. Setting one that is there replaces
    /// it.
    subscript(key: Int64) -> Int64? {
        get {
            guard let index = index(of: key) else { return nil }
            let place = Int64(places[index])
            return place < 0 ? place + 1 - base : place - 1 + base
        }
        set {
            if let number = newValue { set(key, number) } else { remove(key) }
        }
    }

    private mutating func set(_ key: Int64, _ number: Int64) {
        if used == 0 { base = max(0, abs(number) - Self.past) }
        guard let place = Int32(exactly: abs(number) - base + 1), place > 0 else { return remove(key) }
        let signed = number < 0 ? -place : place
        if let index = index(of: key) {
            places[index] = signed
        } else {
            if (used + 1) * 3 > places.count * 2 { rebuild() }
            put(key, signed)
            count += 1
        }
    }

    private mutating func remove(_ key: Int64) {
        guard let index = index(of: key) else { return }
        places[index] = Self.gone
        count -= 1
    }

    private func index(of key: Int64) -> Int? {
        guard count > 0 else { return nil }
        var index = home(of: key)
        while places[index] != Self.free {
            if keys[index] == key, places[index] != Self.gone { return index }
            index = next(index)
        }
        return nil
    }

    private func home(of key: Int64) -> Int {
        let bits = UInt64(bitPattern: key)
        let mixed = (bits ^ bits >> 32) &* Self.multiplier
        return Int(mixed.multipliedFullWidth(by: UInt64(places.count)).high)
    }

    private func next(_ index: Int) -> Int {
        index + 1 == places.count ? 0 : index + 1
    }

    private mutating func put(_ key: Int64, _ place: Int32) {
        var index = home(of: key)
        while places[index] != Self.free { index = next(index) }
        keys[index] = key
        places[index] = place
        used += 1
    }

    /// Leaves out what was taken back, and makes room for as many again: 131,072 entries fill a table of 2.25 MiB.
    private mutating func rebuild() {
        let before = self
        let size = max(before.places.count, 768) * (before.count * 3 > before.places.count ? 2 : 1)
        keys = ContiguousArray(repeating: 0, count: size)
        places = ContiguousArray(repeating: Self.free, count: size)
        used = 0
        for (index, place) in before.places.enumerated() where place != Self.free && place != Self.gone {
            put(before.keys[index], place)
        }
    }
}
