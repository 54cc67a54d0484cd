// PatternProgram.swift - a pattern as steps over the bytes of UTF-8, forwards or backwards.

/// A pattern as a nondeterministic automaton over bytes.
struct PatternProgram: Sendable {
    enum Step: Sendable, Equatable {
        /// Takes a byte out of a range.
        case byte(ClosedRange<UInt8>, next: Int32)
        /// Goes on at both.
        case split(Int32, Int32)
        /// Goes on where the condition holds.
        case check(PatternAssertion, next: Int32)
        /// The end of a match.
        case match
    }

    /// Steps of a pattern at most; counts multiply them.
    static let maxSteps = 20_000

    private(set) var steps: [Step] = [.match]
    private(set) var start: Int32 = 0
    /// Whether any step is a condition.
    private(set) var hasChecks = false
    private let isReversed: Bool

    /// Compiles a tree.
    ///
    /// - Parameters:
    ///   - node: A pattern that does not match empty text.
    ///   - isReversed: Whether the program reads texts from their end.
    /// - Throws: `PatternError` when it takes too many steps.
    init(_ node: PatternNode, isReversed: Bool) throws(PatternError) {
        self.isReversed = isReversed
        start = try compile(node, 0)
    }

    private mutating func add(_ step: Step) throws(PatternError) -> Int32 {
        guard steps.count < Self.maxSteps else {
            throw PatternError(message: "is too large: its counts multiply to more than \(Self.maxSteps) steps")
        }
        steps.append(step)
        return Int32(steps.count - 1)
    }

    /// Adds the steps of a part that goes on at `next`; gives the first of them.
    private mutating func compile(_ node: PatternNode, _ next: Int32) throws(PatternError) -> Int32 {
        switch node {
        case .empty: return next
        case .scalars(let ranges):
            hasChecks = hasChecks || ranges.isEmpty
            return try compile(UTF8Ranges.sequences(of: ranges), next)
        case .sequence(let parts):
            var next = next
            for part in isReversed ? parts : parts.reversed() { next = try compile(part, next) }
            return next
        case .choice(let branches):
            var first: Int32?
            for branch in branches.reversed() {
                let start = try compile(branch, next)
                if let rest = first { first = try add(.split(start, rest)) } else { first = start }
            }
            return first ?? next
        case .repeated(let node, let least, let most):
            var first: Int32
            if let most { first = try optional(node, times: most - least, next) } else { first = try loop(node, next) }
            for _ in 0..<least { first = try compile(node, first) }
            return first
        case .assertion(let assertion):
            hasChecks = true
            return try add(.check(isReversed ? assertion.reversed : assertion, next: next))
        }
    }

    private mutating func loop(_ node: PatternNode, _ next: Int32) throws(PatternError) -> Int32 {
        let head = try add(.split(next, next))
        let body = try compile(node, head)
        steps[Int(head)] = .split(body, next)
        return head
    }

    private mutating func optional(_ node: PatternNode, times: Int, _ next: Int32) throws(PatternError) -> Int32 {
        var first = next
        for _ in 0..<times {
            let body = try compile(node, first)
            first = try add(.split(body, next))
        }
        return first
    }

    private mutating func compile(_ sequences: [[ClosedRange<UInt8>]], _ next: Int32) throws(PatternError) -> Int32 {
        var first: Int32?
        for bytes in sequences {
            var start = next
            for byte in isReversed ? bytes : bytes.reversed() { start = try add(.byte(byte, next: start)) }
            if let rest = first { first = try add(.split(start, rest)) } else { first = start }
        }
        if let first { return first }
        // A class without members matches nothing: a place cannot be both.
        return try add(.check(.noWordBoundary, next: try add(.check(.wordBoundary, next: next))))
    }
}

/// Ranges of scalars as sequences of byte ranges.
enum UTF8Ranges {
    /// Sequences that together match the UTF-8 of every scalar of the ranges, and nothing else that is UTF-8.
    static func sequences(of ranges: [ClosedRange<UInt32>]) -> [[ClosedRange<UInt8>]] {
        var sequences: [[ClosedRange<UInt8>]] = []
        for range in ranges {
            for band in [0...0x7F, 0x80...0x7FF, 0x800...0xFFFF, 0x10000...0x10FFFF] as [ClosedRange<UInt32>]
            where band.overlaps(range) {
                let part = range.clamped(to: band)
                split(encoded(part.lowerBound), encoded(part.upperBound), into: &sequences)
            }
        }
        return sequences
    }

    /// The bytes of a scalar; of surrogates what they would be, which UTF-8 never holds.
    private static func encoded(_ value: UInt32) -> [UInt8] {
        func tail(_ shift: UInt32) -> UInt8 { UInt8(0x80 | (value >> shift & 0x3F)) }
        switch value {
        case ...0x7F: return [UInt8(value)]
        case ...0x7FF: return [UInt8(0xC0 | value >> 6), tail(0)]
        case ...0xFFFF: return [UInt8(0xE0 | value >> 12), tail(6), tail(0)]
        default: return [UInt8(0xF0 | value >> 18), tail(12), tail(6), tail(0)]
        }
    }

    /// Splits the sequences between two of the same length where their bytes do not vary freely.
    private static func split(_ low: [UInt8], _ high: [UInt8], into sequences: inout [[ClosedRange<UInt8>]]) {
        var place = 0
        while place < low.count, low[place] == high[place] { place += 1 }
        let prefix = low[..<place].map { $0...$0 }
        guard place < low.count - 1 else {
            sequences.append(prefix + (place < low.count ? [low[place]...high[place]] : []))
            return
        }
        let length = low.count - place - 1
        let lowest = [UInt8](repeating: 0x80, count: length), highest = [UInt8](repeating: 0xBF, count: length)
        var from = low[place], through = high[place]
        if Array(low[(place + 1)...]) != lowest {
            split(low, Array(low[...place]) + highest, into: &sequences)
            from += 1
        }
        let endsEarly = Array(high[(place + 1)...]) != highest
        if endsEarly { through -= 1 }
        if from <= through {
            let free = [ClosedRange<UInt8>](repeating: 0x80...0xBF, count: length)
            sequences.append(prefix + [from...through] + free)
        }
        if endsEarly { split(Array(high[...place]) + lowest, high, into: &sequences) }
    }
}
