// SeededRandom.swift - random choices that are the same in every run.

/// Random choices that are the same in every run.
public struct SeededRandom: Sendable {
    private var state: UInt64

    /// Starts a sequence.
    public init(seed: UInt64) {
        state = seed
    }

    /// A number from 0 to below `bound`.
    public mutating func below(_ bound: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int((state >> 33) % UInt64(bound))
    }

    /// One of several.
    public mutating func one<Element>(of elements: [Element]) -> Element {
        elements[below(elements.count)]
    }
}

extension SeededRandom: RandomNumberGenerator {
    /// 64 bits for the random functions of the standard library.
    public mutating func next() -> UInt64 {
        UInt64(below(1 << 31)) << 33 ^ UInt64(below(1 << 31)) << 11 ^ UInt64(below(1 << 31))
    }
}
