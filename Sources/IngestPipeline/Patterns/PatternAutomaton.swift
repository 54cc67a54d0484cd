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
    /// Numbers that states and their transitions take at most; beyond, all are forgotten and made again as needed.
    private static let maxCells = 1 << 18
    static let unknown: Int32 = -1
    /// The state from which no match is reached any more.
    static let dead = 0

    private struct Key: Hashable {
        /// Where the program stands, sorted.
        var kernel: [Int32]
        /// What was read last; the edge where the program has no conditions.
        var before: UInt8
    }

    private let program: PatternProgram
    /// Whether a match may begin at every place.
    private let isUnanchored: Bool
    /// The class of each byte.
    let classOf: UnsafeMutablePointer<UInt8>
    /// One byte of each class.
    private let examples: [UInt8]
    /// Classes and the end of the text.
    private let stride: Int
    /// By state and class: twice the next state, plus one when a match ended before the byte; or `unknown`.
    ///
    /// A state is the place of its row. Rows are written when their state is made.
    let table: UnsafeMutablePointer<Int32>
    private var states: [Key] = []
    private var numbers: [Key: Int32] = [:]
    private var cells = 0
    /// How often all states were forgotten since they were more than are kept.
    private(set) var overflows = 0
    private var starts: [Int32] = [-1, -1, -1]
    private var visited: [UInt32]
    private var visit: UInt32 = 0
    /// What making states may still cost; set anew for each text.
    var workLeft = 0

    init(_ program: PatternProgram, isUnanchored: Bool) {
        self.program = program
        self.isUnanchored = isUnanchored
        let (classes, examples) = Self.classes(program)
        self.examples = examples
        stride = examples.count + 1
        classOf = .allocate(capacity: 256)
        classOf.initialize(from: classes, count: 256)
        table = .allocate(capacity: Self.maxCells + 2 * 257)
        visited = Array(repeating: 0, count: program.steps.count)
        forget()
    }

    deinit {
        classOf.deallocate()
        table.deallocate()
    }

    /// The class of the end of the text.
    var endClass: Int { stride - 1 }

    /// The state at the beginning.
    func start(after neighbour: PatternNeighbour) -> Int {
        let place = Int(neighbour.rawValue)
        if starts[place] >= 0 { return Int(starts[place]) * stride }
        let before = program.hasChecks ? neighbour.rawValue : PatternNeighbour.edge.rawValue
        let state = number(of: Key(kernel: [program.start], before: before))
        starts[place] = state
        return Int(state) * stride
    }

    /// Makes the transition that the table does not know yet.
    @inline(never)
    func transition(_ state: Int, _ byteClass: Int) throws(PatternWorkExceeded) -> Int32 {
        try make(state / stride, byteClass)
    }

    private func make(_ state: Int, _ byteClass: Int) throws(PatternWorkExceeded) -> Int32 {
        let isEnd = byteClass == endClass
        let key = states[state]
        let before = PatternNeighbour(rawValue: key.before) ?? .edge
        let after = isEnd ? PatternNeighbour.edge : PatternNeighbour(examples[byteClass])
        let (places, isMatch) = closure(key.kernel, before, after)
        workLeft -= places.count + key.kernel.count + 8
        guard workLeft > 0 else { throw PatternWorkExceeded() }
        var kernel = isEnd ? [] : targets(of: places, byte: examples[byteClass])
        if isUnanchored, !isEnd { kernel.append(program.start) }
        kernel = Array(Set(kernel)).sorted()
        let context = program.hasChecks && !isEnd ? after.rawValue : PatternNeighbour.edge.rawValue
        let isFull = cells >= Self.maxCells
        if isFull {
            overflows += 1
            forget()
        }
        let next = kernel.isEmpty ? 0 : number(of: Key(kernel: kernel, before: context))
        let packed = next * Int32(stride) * 2 + (isMatch ? 1 : 0)
        // The state that was left is gone when all were forgotten.
        if !isFull { table[state * stride + byteClass] = packed }
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
        cells += key.kernel.count + stride
        (table + Int(number) * stride).update(repeating: Self.unknown, count: stride)
        return number
    }

    private func forget() {
        states = []
        numbers = [:]
        cells = 0
        starts = [-1, -1, -1]
        visited = Array(repeating: 0, count: program.steps.count)
        visit = 0
        // The dead state is the first.
        _ = number(of: Key(kernel: [], before: 0))
        table.update(repeating: 0, count: stride)
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
