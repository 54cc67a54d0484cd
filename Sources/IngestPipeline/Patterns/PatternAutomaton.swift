// PatternAutomaton.swift - a program run over bytes, deterministic as far as it was needed so far.

/// More work was needed for one text than is allowed.
struct PatternWorkExceeded: Error {}

/// What stands at the other side of the place where an automaton begins.
enum PatternNeighbour: UInt8 {
    /// The end of the text.
    case edge = 0
    /// A word character.
    case word = 1
    /// Any other byte.
    case other = 2

    @inline(__always)
    init(_ byte: UInt8) {
        self = ASCIIWord.contains(byte) ? .word : .other
    }
}

/// The bytes that `\w` and `\b` count as part of a word.
enum ASCIIWord {
    static func contains(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x5F, 0x61...0x7A: true
        default: false
        }
    }
}

/// Makes deterministic states of a program as texts need them, and keeps a bounded number of them.
///
/// One task uses it at a time. A transition takes the byte before which, or the end at which, a match ended: only then
/// conditions on that place can be decided.
final class PatternAutomaton {
    /// States that are kept; when they are more, all are forgotten and made again as needed.
    private static let maxStates = 2048
    private static let unknown: Int32 = -1
    /// The state from which no match is reached any more.
    static let dead: Int32 = 0

    private struct Key: Hashable {
        /// Where the program stands, sorted.
        var kernel: [Int32]
        /// What was read last; the edge where the program has no conditions.
        var before: UInt8
    }

    private let program: PatternProgram
    /// Whether a match may begin at every place.
    private let isUnanchored: Bool
    private let classOf: [UInt8]
    /// One byte of each class.
    private let examples: [UInt8]
    /// Classes and the end of the text.
    private let stride: Int
    /// Next state and match, packed, by state and class.
    private var table: [Int32] = []
    private var states: [Key] = []
    private var numbers: [Key: Int32] = [:]
    private var starts: [Int32] = [-1, -1, -1]
    private var visited: [UInt32]
    private var visit: UInt32 = 0
    /// What making states may still cost; set anew for each text.
    var workLeft = 0

    init(_ program: PatternProgram, isUnanchored: Bool) {
        self.program = program
        self.isUnanchored = isUnanchored
        (classOf, examples) = Self.classes(program)
        stride = examples.count + 1
        visited = Array(repeating: 0, count: program.steps.count)
        forget()
    }

    /// The class of the end of the text.
    var endClass: Int { stride - 1 }

    /// The state at the beginning.
    func start(after neighbour: PatternNeighbour) -> Int32 {
        let place = Int(neighbour.rawValue)
        if starts[place] >= 0 { return starts[place] }
        let before = program.hasChecks ? neighbour.rawValue : PatternNeighbour.edge.rawValue
        let state = number(of: Key(kernel: [program.start], before: before))
        starts[place] = state
        return state
    }

    /// Lends the table for a run.
    @inline(__always)
    func withClasses<Result>(
        _ body: (UnsafeBufferPointer<UInt8>) throws(PatternWorkExceeded) -> Result
    ) throws(PatternWorkExceeded) -> Result {
        let result = classOf.withUnsafeBufferPointer { classes in
            Swift.Result { () throws(PatternWorkExceeded) in try body(classes) }
        }
        return try result.get()
    }

    /// The transition: the next state times two, plus one when a match ended before the byte.
    @inline(__always)
    func transition(_ state: Int32, _ byteClass: Int) throws(PatternWorkExceeded) -> Int32 {
        let known = table[Int(state) &* stride &+ byteClass]
        return known != Self.unknown ? known : try make(state, byteClass)
    }

    @inline(never)
    private func make(_ state: Int32, _ byteClass: Int) throws(PatternWorkExceeded) -> Int32 {
        let isEnd = byteClass == endClass
        let key = states[Int(state)]
        let before = PatternNeighbour(rawValue: key.before) ?? .edge
        let after = isEnd ? PatternNeighbour.edge : PatternNeighbour(examples[byteClass])
        let (places, isMatch) = closure(key.kernel, before, after)
        workLeft -= places.count + key.kernel.count + 8
        guard workLeft > 0 else { throw PatternWorkExceeded() }
        var kernel = isEnd ? [] : targets(of: places, byte: examples[byteClass])
        if isUnanchored, !isEnd { kernel.append(program.start) }
        kernel = Array(Set(kernel)).sorted()
        let context = program.hasChecks && !isEnd ? after.rawValue : PatternNeighbour.edge.rawValue
        let isFull = states.count >= Self.maxStates
        if isFull { forget() }
        let next = kernel.isEmpty ? Self.dead : number(of: Key(kernel: kernel, before: context))
        let packed = next * 2 + (isMatch ? 1 : 0)
        // The state that was left is gone when all were forgotten.
        if !isFull { table[Int(state) * stride + byteClass] = packed }
        return packed
    }

    private func targets(of places: [Int32], byte: UInt8) -> [Int32] {
        places.compactMap { place in
            guard case .byte(let range, let next) = program.steps[Int(place)], range.contains(byte) else { return nil }
            return next
        }
    }

    /// The steps that are reached without a byte, and whether a match is among them.
    private func closure(
        _ kernel: [Int32],
        _ before: PatternNeighbour,
        _ after: PatternNeighbour
    ) -> (places: [Int32], isMatch: Bool) {
        visit &+= 1
        var stack = kernel
        var places: [Int32] = []
        var isMatch = false
        while let place = stack.popLast() {
            guard visited[Int(place)] != visit else { continue }
            visited[Int(place)] = visit
            switch program.steps[Int(place)] {
            case .byte: places.append(place)
            case .split(let first, let second):
                stack.append(first)
                stack.append(second)
            case .check(let assertion, let next):
                if Self.holds(assertion, before, after) { stack.append(next) }
            case .match: isMatch = true
            }
        }
        return (places, isMatch)
    }

    private static func holds(
        _ assertion: PatternAssertion,
        _ before: PatternNeighbour,
        _ after: PatternNeighbour
    ) -> Bool {
        switch assertion {
        case .textStart: before == .edge
        case .textEnd: after == .edge
        case .wordBoundary: (before == .word) != (after == .word)
        case .noWordBoundary: (before == .word) == (after == .word)
        }
    }

    private func number(of key: Key) -> Int32 {
        if let known = numbers[key] { return known }
        let number = Int32(states.count)
        states.append(key)
        numbers[key] = number
        table.append(contentsOf: repeatElement(Self.unknown, count: stride))
        return number
    }

    private func forget() {
        states = []
        numbers = [:]
        table = []
        starts = [-1, -1, -1]
        visited = Array(repeating: 0, count: program.steps.count)
        visit = 0
        // The dead state is the first.
        _ = number(of: Key(kernel: [], before: 0))
        for place in 0..<stride { table[place] = Self.dead * 2 }
    }

    /// Bytes that no step tells apart have one class.
    private static func classes(_ program: PatternProgram) -> (classOf: [UInt8], examples: [UInt8]) {
        var begins = [Bool](repeating: false, count: 257)
        for step in program.steps {
            guard case .byte(let range, _) = step else { continue }
            begins[Int(range.lowerBound)] = true
            begins[Int(range.upperBound) + 1] = true
        }
        if program.hasChecks {
            for byte in 1..<256 where ASCIIWord.contains(UInt8(byte)) != ASCIIWord.contains(UInt8(byte - 1)) {
                begins[byte] = true
            }
        }
        begins[0] = true
        var classOf = [UInt8](repeating: 0, count: 256)
        var examples: [UInt8] = []
        for byte in 0..<256 {
            if begins[byte] { examples.append(UInt8(byte)) }
            classOf[byte] = UInt8(examples.count - 1)
        }
        return (classOf, examples)
    }
}
