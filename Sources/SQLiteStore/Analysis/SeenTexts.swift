// SeenTexts.swift - the texts of traces that were indexed lately.

import TraceModel

/// Knows the longer texts that were indexed lately, by trace: a conversation that is sent again with each call is
/// indexed once.
///
/// Holds the hashes of at least the last `limit` texts when there were so many, and less after a rest. What it has forgotten is indexed again, which only costs space.
struct SeenTexts {
    /// Shorter texts are indexed wherever they are, in bytes.
    static let minBytes = 64
    private static let limit = 1 << 18

    /// Hashes that a rest leaves at most: those of the conversations that go on after a pause.
    private static let restingLimit = 1 << 16

    private var young: Set<UInt64> = []
    private var old: Set<UInt64> = []

    /// Whether a text of a trace is new; it is known from then on.
    mutating func isNew(_ text: UnsafeBufferPointer<UInt8>, in trace: Int64) -> Bool {
        guard text.count >= Self.minBytes else { return true }
        // Spread over all bits: the numbers of traces differ in the lowest.
        let seed = UInt64(bitPattern: trace) &* 0x9E37_79B9_7F4A_7C15
        let hash = AttributeHash.hash(text, seed: seed)
        guard !old.contains(hash), young.insert(hash).inserted else { return false }
        if young.count >= Self.limit {
            old = young
            young = []
        }
        return true
    }

    /// Forgets all but the latest texts, and those too where they are many.
    mutating func rest() {
        old = []
        if young.count > Self.restingLimit { young = [] }
    }
}
