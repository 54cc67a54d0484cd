// PatternSyntax.swift - what a pattern says, as a tree.

/// A part of a pattern.
indirect enum PatternNode: Sendable, Equatable {
    /// Matches where it stands, without a character.
    case empty
    /// One character out of ranges of scalars, sorted and apart.
    case scalars([ClosedRange<UInt32>])
    /// One after the other.
    case sequence([PatternNode])
    /// One of several.
    case choice([PatternNode])
    /// As often as allowed; `most` nil is without end.
    case repeated(PatternNode, least: Int, most: Int?)
    /// A condition on the place.
    case assertion(PatternAssertion)

    /// Whether it can match no character at all.
    var matchesEmpty: Bool {
        switch self {
        case .empty, .assertion: true
        case .scalars: false
        case .sequence(let parts): parts.allSatisfy(\.matchesEmpty)
        case .choice(let branches): branches.contains(where: \.matchesEmpty)
        case .repeated(let node, let least, _): least == 0 || node.matchesEmpty
        }
    }

    /// Bytes that a match has at least.
    var leastBytes: Int {
        switch self {
        case .empty, .assertion: 0
        case .scalars: 1
        case .sequence(let parts): parts.reduce(0) { $0 + $1.leastBytes }
        case .choice(let branches): branches.map(\.leastBytes).min() ?? 0
        case .repeated(let node, let least, _): least * node.leastBytes
        }
    }

    /// Bytes of which each match has every one; few, and only what is seen at once.
    var requiredBytes: [UInt8] {
        switch self {
        case .empty, .assertion, .choice: []
        case .scalars(let ranges):
            if ranges.count == 1, ranges[0].count == 1, let byte = UInt8(exactly: ranges[0].lowerBound), byte < 0x80 {
                [byte]
            } else {
                []
            }
        case .sequence(let parts): parts.flatMap(\.requiredBytes)
        case .repeated(let node, let least, _): least > 0 ? node.requiredBytes : []
        }
    }
}

/// A condition on a place in a text.
enum PatternAssertion: Sendable, Equatable {
    case textStart, textEnd, wordBoundary, noWordBoundary

    /// The same condition for one who reads from the end.
    var reversed: PatternAssertion {
        switch self {
        case .textStart: .textEnd
        case .textEnd: .textStart
        case .wordBoundary, .noWordBoundary: self
        }
    }
}

/// Why a pattern cannot be used.
struct PatternError: Error, Equatable {
    /// Completes "the pattern ...".
    var message: String
}

/// Sets of scalars as sorted ranges.
enum ScalarSet {
    /// The highest scalar.
    static let highest: UInt32 = 0x10FFFF
    static let digits: [ClosedRange<UInt32>] = [0x30...0x39]
    /// ASCII letters, digits and the underscore.
    static let wordCharacters: [ClosedRange<UInt32>] = [0x30...0x39, 0x41...0x5A, 0x5F...0x5F, 0x61...0x7A]
    static let spaces: [ClosedRange<UInt32>] = [0x09...0x0D, 0x20...0x20]
    static let lineFeed: [ClosedRange<UInt32>] = [0x0A...0x0A]

    /// Sorts ranges and joins those that touch.
    static func normalized(_ ranges: [ClosedRange<UInt32>]) -> [ClosedRange<UInt32>] {
        var joined: [ClosedRange<UInt32>] = []
        for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if let last = joined.last, range.lowerBound <= last.upperBound + 1 {
                joined[joined.count - 1] = last.lowerBound...max(last.upperBound, range.upperBound)
            } else {
                joined.append(range)
            }
        }
        return joined
    }

    /// Every scalar that is in none of the ranges.
    static func inverted(_ ranges: [ClosedRange<UInt32>]) -> [ClosedRange<UInt32>] {
        var rest: [ClosedRange<UInt32>] = []
        var next: UInt32 = 0
        for range in normalized(ranges) {
            if range.lowerBound > next { rest.append(next...range.lowerBound - 1) }
            next = range.upperBound + 1
        }
        if next <= highest { rest.append(next...highest) }
        return rest
    }

    /// The ranges with the other case of their ASCII letters.
    static func ignoringCase(_ ranges: [ClosedRange<UInt32>]) -> [ClosedRange<UInt32>] {
        let upper: ClosedRange<UInt32> = 0x41...0x5A
        let lower: ClosedRange<UInt32> = 0x61...0x7A
        var all = ranges
        for range in ranges {
            if range.overlaps(upper) {
                let part = range.clamped(to: upper)
                all.append(part.lowerBound + 0x20...part.upperBound + 0x20)
            }
            if range.overlaps(lower) {
                let part = range.clamped(to: lower)
                all.append(part.lowerBound - 0x20...part.upperBound - 0x20)
            }
        }
        return normalized(all)
    }
}
