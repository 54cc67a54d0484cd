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
    /// What it says.
    let node: PatternNode
    fileprivate let forward: PatternProgram
    fileprivate let backward: PatternProgram
    /// A byte that every match has; the rarest known.
    fileprivate let requiredByte: UInt8?
    /// Bytes that every match has at least.
    fileprivate let leastBytes: Int

    /// Compiles a pattern.
    init(_ text: String) throws(PatternError) {
        try self.init(PatternParser.parse(text))
    }

    /// Compiles a tree that does not match empty text.
    init(_ node: PatternNode) throws(PatternError) {
        self.node = node
        forward = try PatternProgram(node, isReversed: false)
        backward = try PatternProgram(node, isReversed: true)
        leastBytes = node.leastBytes
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
    /// Words of marks that are kept for the next text.
    private static let keptWords = 8192
    /// What making new states may cost for one text, besides its steps; a pattern that behaves is soon done with it.
    private static let stateWork = 2_000_000

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
        guard mayMatch(text) else { return [] }
        forward.workLeft = Self.stateWork + text.count * Self.stepsPerByte
        backward.workLeft = forward.workLeft
        // Marks of a long text are not kept.
        defer { if begins.count > Self.keptWords { begins = [] } }
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

    /// A quick look at length and rare bytes; true when the text has to be read.
    func mayMatch(_ text: UnsafeRawBufferPointer) -> Bool {
        guard text.count >= pattern.leastBytes, let start = text.baseAddress else { return false }
        guard let byte = pattern.requiredByte else { return true }
        return memchr(start, Int32(byte), text.count) != nil
    }

    /// Whether there is any match; true also where it would take too much work to tell.
    ///
    /// A pattern with more states than are kept is not looked for any more: to make them again costs more than it saves.
    func mayHaveMatch(in text: UnsafeRawBufferPointer) -> Bool {
        guard backward.overflows == 0 else { return true }
        backward.workLeft = Self.stateWork
        do throws(PatternWorkExceeded) {
            return try readBackwards(text) { _ in true }
        } catch {
            return true
        }
    }

    /// Reads the text from its end; false when no match begins anywhere.
    private func markBegins(_ text: UnsafeRawBufferPointer) throws(PatternWorkExceeded) -> Bool {
        begins.removeAll(keepingCapacity: true)
        return try readBackwards(text) { place in
            if begins.isEmpty { begins.append(contentsOf: repeatElement(0, count: text.count / 64 + 1)) }
            begins[place >> 6] |= 1 << UInt64(place & 63)
            return false
        }
    }

    /// Tells the places where matches begin, from the last to the first, until `found` says that it is enough.
    @inline(__always)
    private func readBackwards(
        _ text: UnsafeRawBufferPointer,
        _ found: (Int) -> Bool
    ) throws(PatternWorkExceeded) -> Bool {
        let automaton = backward
        let table = automaton.table, classOf = automaton.classOf
        let end = automaton.endClass
        var state = automaton.start(after: .edge)
        var place = text.count
        var isAny = false
        while true {
            let byteClass = place > 0 ? Int(classOf[Int(text[place &- 1])]) : end
            var step = table[state &+ byteClass]
            if step == PatternAutomaton.unknown { step = try automaton.transition(state, byteClass) }
            if step & 1 != 0 {
                isAny = true
                if found(place) { return true }
            }
            if place == 0 { return isAny }
            state = Int(step >> 1)
            place &-= 1
        }
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
        let table = automaton.table, classOf = automaton.classOf
        let end = automaton.endClass
        var state = automaton.start(after: begin == 0 ? .edge : PatternNeighbour(text[begin - 1]))
        var longest: Int?
        var place = begin
        while true {
            let byteClass = place < text.count ? Int(classOf[Int(text[place])]) : end
            var step = table[state &+ byteClass]
            if step == PatternAutomaton.unknown { step = try automaton.transition(state, byteClass) }
            if step & 1 != 0, place > begin { longest = place }
            state = Int(step >> 1)
            if state == PatternAutomaton.dead || place == text.count { break }
            place &+= 1
            if place &- begin > steps { throw PatternWorkExceeded() }
        }
        steps -= place - begin + 1
        guard steps > 0 else { throw PatternWorkExceeded() }
        return longest
    }
}
