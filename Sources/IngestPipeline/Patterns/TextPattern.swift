// TextPattern.swift - a compiled pattern, and the search for all its matches in a text.

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A pattern that is checked and compiled; can be used by many tasks, each through a searcher of its own.
struct TextPattern: Sendable {
    fileprivate let forward: PatternProgram
    fileprivate let backward: PatternProgram
    /// A byte that every match has; the rarest known.
    fileprivate let requiredByte: UInt8?

    /// Compiles a pattern.
    init(_ text: String) throws(PatternError) {
        try self.init(PatternParser.parse(text))
    }

    /// Compiles a tree that does not match empty text.
    init(_ node: PatternNode) throws(PatternError) {
        forward = try PatternProgram(node, isReversed: false)
        backward = try PatternProgram(node, isReversed: true)
        requiredByte = node.requiredBytes.min { Self.commonness($0) < Self.commonness($1) }
    }

    private static func commonness(_ byte: UInt8) -> Int {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: " "), UInt8(ascii: "\""): 3
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"): 2
        case UInt8(ascii: "."), UInt8(ascii: ","), UInt8(ascii: ":"), UInt8(ascii: "-"), UInt8(ascii: "_"): 1
        default: 0
        }
    }
}

/// Finds the matches of one pattern; keeps what it learned for the next text.
///
/// One task uses it at a time. Linear time: the text is read once from its end, which marks every place where a match begins; from each of these
/// the longest match is taken. Reading on behind a match is bounded, so that no pattern and no text costs more than a
/// fixed number of steps for each byte.
final class PatternSearcher {
    /// Steps per byte of text, beyond which the search gives up.
    static let stepsPerByte = 64
    /// What short texts may cost.
    private static let leastSteps = 4096
    /// What making new states may cost for one text, besides its steps; a pattern that behaves is soon done with it.
    private static let stateWork = 8_000_000

    private let pattern: TextPattern
    private let forward: PatternAutomaton
    private let backward: PatternAutomaton
    /// One bit for each place of the text.
    private var begins: [UInt64] = []

    init(_ pattern: TextPattern) {
        self.pattern = pattern
        forward = PatternAutomaton(pattern.forward, isUnanchored: false)
        backward = PatternAutomaton(pattern.backward, isUnanchored: true)
    }

    /// The matches from left to right, the longest at each place, none overlapping another.
    ///
    /// - Parameters:
    ///   - text: Bytes; a match begins and ends between characters where they are UTF-8.
    ///   - accepts: Looks at a match; a search goes on behind the beginning of one that is not accepted.
    /// - Returns: Ranges of bytes.
    /// - Throws: `PatternWorkExceeded` when the text would take more steps than are allowed.
    func matches(
        in text: UnsafeRawBufferPointer,
        where accepts: (UnsafeRawBufferPointer) -> Bool = { _ in true }
    ) throws(PatternWorkExceeded) -> [Range<Int>] {
        guard !text.isEmpty, mayMatch(text) else { return [] }
        forward.workLeft = Self.stateWork + text.count * Self.stepsPerByte
        backward.workLeft = forward.workLeft
        guard try markBegins(text) else { return [] }
        var found: [Range<Int>] = []
        var steps = text.count * Self.stepsPerByte + Self.leastSteps
        var from = 0
        while let begin = nextBegin(from: from) {
            from = begin + 1
            guard let end = try longestMatch(in: text, from: begin, &steps) else { continue }
            guard accepts(UnsafeRawBufferPointer(rebasing: text[begin..<end])) else { continue }
            found.append(begin..<end)
            from = end
        }
        return found
    }

    private func mayMatch(_ text: UnsafeRawBufferPointer) -> Bool {
        guard let byte = pattern.requiredByte, let start = text.baseAddress else { return true }
        return memchr(start, Int32(byte), text.count) != nil
    }

    /// Reads the text from its end; false when no match begins anywhere.
    private func markBegins(_ text: UnsafeRawBufferPointer) throws(PatternWorkExceeded) -> Bool {
        let automaton = backward
        var state = automaton.start(after: .edge)
        var isAny = false
        let end = automaton.endClass
        begins.removeAll(keepingCapacity: true)
        try automaton.withClasses { classes throws(PatternWorkExceeded) in
            var place = text.count
            while true {
                let step = try automaton.transition(state, place > 0 ? Int(classes[Int(text[place &- 1])]) : end)
                if step & 1 != 0 {
                    if !isAny { begins.append(contentsOf: repeatElement(0, count: text.count / 64 + 1)) }
                    isAny = true
                    begins[place >> 6] |= 1 << UInt64(place & 63)
                }
                if place == 0 { return }
                state = step >> 1
                place &-= 1
            }
        }
        return isAny
    }

    private func nextBegin(from place: Int) -> Int? {
        var word = place >> 6
        guard word < begins.count else { return nil }
        var bits = begins[word] & (~0 << UInt64(place & 63))
        while bits == 0 {
            word += 1
            guard word < begins.count else { return nil }
            bits = begins[word]
        }
        return word << 6 + bits.trailingZeroBitCount
    }

    private func longestMatch(
        in text: UnsafeRawBufferPointer,
        from begin: Int,
        _ steps: inout Int
    ) throws(PatternWorkExceeded) -> Int? {
        let automaton = forward
        var state = automaton.start(after: begin == 0 ? .edge : PatternNeighbour(text[begin - 1]))
        var longest: Int?
        var place = begin
        let allowed = steps
        let end = automaton.endClass
        try automaton.withClasses { classes throws(PatternWorkExceeded) in
            while true {
                let step = try automaton.transition(state, place < text.count ? Int(classes[Int(text[place])]) : end)
                if step & 1 != 0, place > begin { longest = place }
                state = step >> 1
                if state == PatternAutomaton.dead || place == text.count { return }
                place &+= 1
                if place &- begin > allowed { throw PatternWorkExceeded() }
            }
        }
        steps -= place - begin + 1
        guard steps > 0 else { throw PatternWorkExceeded() }
        return longest
    }
}
