// ExactNames.swift - the models that a name belongs to by its whole text.

/// An open hash table from (provider, whole name) to the first model of the provider with that name.
struct ExactNames: Sendable {
    private struct Entry {
        let hash: UInt32
        let provider: Int32
        let rule: Int32
        let card: Int32
    }

    private var entries: [Entry] = []
    private var slots: [Int32] = []

    /// Adds a name; of two equal ones the first stays.
    mutating func insert(provider: Int, rule: Int, card: Int, rules: NameRules) {
        guard let text = rules.exactText(of: rule) else { return }
        if entries.count * 2 >= slots.count { grow() }
        let isKnown = text.withUnsafeBufferPointer { find(provider: provider, name: $0, rules: rules) != nil }
        guard !isKnown else { return }
        let hash = text.withUnsafeBufferPointer { Self.hash(provider, $0) }
        entries.append(Entry(hash: hash, provider: Int32(provider), rule: Int32(rule), card: Int32(card)))
        place(entries.count, hash: hash)
    }

    /// The model with the name at the provider.
    func find(provider: Int, name: UnsafeBufferPointer<UInt8>, rules: NameRules) -> Int? {
        guard !slots.isEmpty else { return nil }
        let hash = Self.hash(provider, name)
        var slot = Int(hash) & (slots.count - 1)
        while slots[slot] != 0 {
            let entry = entries[Int(slots[slot]) - 1]
            if entry.hash == hash, Int(entry.provider) == provider, rules.hold(Int(entry.rule), for: name) {
                return Int(entry.card)
            }
            slot = (slot + 1) & (slots.count - 1)
        }
        return nil
    }

    private mutating func grow() {
        slots = Array(repeating: 0, count: max(64, slots.count * 2))
        for (number, entry) in entries.enumerated() { place(number + 1, hash: entry.hash) }
    }

    private mutating func place(_ number: Int, hash: UInt32) {
        var slot = Int(hash) & (slots.count - 1)
        while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
        slots[slot] = Int32(number)
    }

    private static func hash(_ provider: Int, _ name: UnsafeBufferPointer<UInt8>) -> UInt32 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325 ^ UInt64(provider)
        for byte in name { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        return UInt32(truncatingIfNeeded: hash ^ hash >> 32)
    }
}
