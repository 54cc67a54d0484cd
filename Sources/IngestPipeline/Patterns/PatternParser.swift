// PatternParser.swift - from the text of a pattern to its tree.

/// Reads a pattern: a subset of the usual regular expressions that can be matched in linear time.
///
/// Literals, `.`, classes, `\d \w \s \D \W \S`, `\t \n \r \f \xHH \uHHHH`, `* + ? {n} {n,} {n,m}`, groups, `|`, `^`, `$`,
/// `\b`, `\B`, and `(?i)` at the start. `\d`, `\w`, `\s`, `\b` and the case know ASCII alone.
struct PatternParser {
    /// The longest pattern, in characters.
    static let maxLength = 4096
    private static let maxNesting = 50
    private static let maxCount = 1000

    private let scalars: [Unicode.Scalar]
    private var place = 0
    private var nesting = 0
    private var ignoresCase = false

    /// Reads a whole pattern.
    static func parse(_ text: String) throws(PatternError) -> PatternNode {
        var parser = PatternParser(scalars: Array(text.unicodeScalars))
        guard !parser.scalars.isEmpty else { throw PatternError(message: "is empty") }
        guard parser.scalars.count <= maxLength else {
            throw PatternError(message: "is longer than \(maxLength) characters")
        }
        if text.hasPrefix("(?i)") {
            parser.ignoresCase = true
            parser.place = 4
        }
        let node = try parser.choice()
        guard parser.next == nil else { throw parser.wrong("has a ) without a (") }
        guard !node.matchesEmpty else { throw PatternError(message: "matches empty text") }
        return node
    }

    private init(scalars: [Unicode.Scalar]) {
        self.scalars = scalars
    }

    private var next: Unicode.Scalar? { place < scalars.count ? scalars[place] : nil }

    private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard next == scalar else { return false }
        place += 1
        return true
    }

    private func wrong(_ what: String) -> PatternError {
        PatternError(message: "\(what) (at character \(place + 1))")
    }

    private mutating func choice() throws(PatternError) -> PatternNode {
        var branches = [try sequence()]
        while take("|") { branches.append(try sequence()) }
        return branches.count == 1 ? branches[0] : .choice(branches)
    }

    private mutating func sequence() throws(PatternError) -> PatternNode {
        var parts: [PatternNode] = []
        while let scalar = next, scalar != "|", scalar != ")" {
            parts.append(try counted(try atom()))
        }
        return parts.count == 1 ? parts[0] : parts.isEmpty ? .empty : .sequence(parts)
    }

    /// A part with the count behind it.
    private mutating func counted(_ node: PatternNode) throws(PatternError) -> PatternNode {
        guard let (least, most) = try count() else { return node }
        if case .assertion = node { throw wrong("repeats a condition") }
        if let sign = next, "?+".unicodeScalars.contains(sign) {
            throw wrong("uses a lazy or possessive count, which is not supported: the longest match is taken")
        }
        if try count() != nil { throw wrong("has two counts in a row") }
        return .repeated(node, least: least, most: most)
    }

    private mutating func count() throws(PatternError) -> (least: Int, most: Int?)? {
        switch next {
        case "*": place += 1; return (0, nil)
        case "+": place += 1; return (1, nil)
        case "?": place += 1; return (0, 1)
        case "{": place += 1; return try braces()
        default: return nil
        }
    }

    private mutating func braces() throws(PatternError) -> (least: Int, most: Int?) {
        guard let least = number() else { throw wrong("has { without a number; write \\{ for the character") }
        var most: Int? = least
        if take(",") { most = number() }
        guard take("}") else { throw wrong("has a { that does not end") }
        guard least <= Self.maxCount, most.map({ $0 <= Self.maxCount && $0 >= least && $0 > 0 }) ?? true else {
            throw wrong("has a count that is not between 0 and \(Self.maxCount)")
        }
        return (least, most)
    }

    private mutating func number() -> Int? {
        var digits = ""
        while let scalar = next, ("0"..."9").contains(scalar), digits.count < 5 {
            digits.unicodeScalars.append(scalar)
            place += 1
        }
        return Int(digits)
    }

    private mutating func atom() throws(PatternError) -> PatternNode {
        guard let scalar = next else { throw wrong("ends too early") }
        place += 1
        switch scalar {
        case ".": return .scalars(ScalarSet.inverted(ScalarSet.lineFeed))
        case "^": return .assertion(.textStart)
        case "$": return .assertion(.textEnd)
        case "(": return try group()
        case "[": return set(try characterClass())
        case "\\": return try escape()
        case "*", "+", "?", "{": throw wrong("repeats nothing")
        default: return set([scalar.value...scalar.value])
        }
    }

    private func set(_ ranges: [ClosedRange<UInt32>]) -> PatternNode {
        .scalars(ignoresCase ? ScalarSet.ignoringCase(ranges) : ranges)
    }

    private mutating func group() throws(PatternError) -> PatternNode {
        if take("?"), !take(":") { throw wrong("has a group that is not supported; there are (...) and (?:...)") }
        nesting += 1
        guard nesting <= Self.maxNesting else { throw wrong("is nested too deep") }
        let node = try choice()
        nesting -= 1
        guard take(")") else { throw wrong("has a ( that does not end") }
        return node
    }

    private mutating func escape() throws(PatternError) -> PatternNode {
        switch next {
        case "b": place += 1; return .assertion(.wordBoundary)
        case "B": place += 1; return .assertion(.noWordBoundary)
        default: return set(try escapedSet())
        }
    }

    /// What stands behind a backslash, as a set.
    private mutating func escapedSet() throws(PatternError) -> [ClosedRange<UInt32>] {
        guard let scalar = next else { throw wrong("ends with a backslash") }
        place += 1
        switch scalar {
        case "d": return ScalarSet.digits
        case "D": return ScalarSet.inverted(ScalarSet.digits)
        case "w": return ScalarSet.wordCharacters
        case "W": return ScalarSet.inverted(ScalarSet.wordCharacters)
        case "s": return ScalarSet.spaces
        case "S": return ScalarSet.inverted(ScalarSet.spaces)
        case "t": return [0x09...0x09]
        case "n": return [0x0A...0x0A]
        case "r": return [0x0D...0x0D]
        case "f": return [0x0C...0x0C]
        case "x": return try hexadecimal(digits: 2)
        case "u": return try hexadecimal(digits: 4)
        default:
            let isName = scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
            guard !isName else { throw wrong("has \\\(scalar), which is not supported") }
            return [scalar.value...scalar.value]
        }
    }

    private mutating func hexadecimal(digits: Int) throws(PatternError) -> [ClosedRange<UInt32>] {
        let end = place + digits
        guard end <= scalars.count else { throw wrong("has an escape that is cut off") }
        let text = String(String.UnicodeScalarView(scalars[place..<end]))
        guard text.allSatisfy(\.isHexDigit), let value = UInt32(text, radix: 16), Unicode.Scalar(value) != nil else {
            throw wrong("has an escape that is no character")
        }
        place = end
        return [value...value]
    }

    private mutating func characterClass() throws(PatternError) -> [ClosedRange<UInt32>] {
        let isInverted = take("^")
        var ranges: [ClosedRange<UInt32>] = []
        var isFirst = true
        while isFirst || next != "]" {
            guard next != nil else { throw wrong("has a [ that does not end") }
            isFirst = false
            let low = try member()
            guard next == "-", place + 1 < scalars.count, scalars[place + 1] != "]" else {
                ranges += low
                continue
            }
            place += 1
            let high = try member()
            guard low.count == 1, high.count == 1, low[0].count == 1, high[0].count == 1,
                low[0].lowerBound <= high[0].lowerBound
            else { throw wrong("has a range in [] that has no beginning and end") }
            ranges.append(low[0].lowerBound...high[0].lowerBound)
        }
        place += 1
        let all = ScalarSet.normalized(ignoresCase ? ScalarSet.ignoringCase(ranges) : ranges)
        return isInverted ? ScalarSet.inverted(all) : all
    }

    private mutating func member() throws(PatternError) -> [ClosedRange<UInt32>] {
        guard let scalar = next else { throw wrong("has a [ that does not end") }
        place += 1
        return scalar == "\\" ? try escapedSet() : [scalar.value...scalar.value]
    }
}
