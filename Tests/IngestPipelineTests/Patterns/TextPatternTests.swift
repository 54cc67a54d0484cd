// TextPatternTests.swift - patterns are read, matched as they say, and never without bound.

import TestSupport
import Testing

@testable import IngestPipeline

struct TextPatternTests {
    private func matches(_ pattern: String, _ text: String) throws -> [String] {
        let searcher = PatternSearcher(try TextPattern(pattern))
        let bytes = Array(text.utf8)
        let found = try bytes.withUnsafeBytes { try searcher.matches(in: $0) }
        return found.map { String(decoding: bytes[$0], as: UTF8.self) }
    }

    @Test(arguments: [
        ("abc", "xabcabcx", ["abc", "abc"]),
        ("a|ab|abc", "abcab", ["abc", "ab"]),
        ("a+", "aaabaa", ["aaa", "aa"]),
        ("a{2}", "aaaaa", ["aa", "aa"]),
        ("a{2,3}", "aaaaa", ["aaa", "aa"]),
        ("ab?c", "acabcabbc", ["ac", "abc"]),
        ("^a", "aa", ["a"]),
        ("a$", "aa", ["a"]),
        (#"\bcat\b"#, "cat concat cat_ (cat)", ["cat", "cat"]),
        (#"\Bat"#, "at cat", ["at"]),
        (#"\d{3}-\d{2}-\d{4}"#, "no 123-45-6789.", ["123-45-6789"]),
        (#"[^ @]+@[^ @]+"#, "mail ann@example.com now", ["ann@example.com"]),
        (#"[a-c\d-]+"#, "x-a1z", ["-a1"]),
        (#"[]]"#, "[]", ["]"]),
        ("(?i)secret: \\w+", "SECRET: x and Secret: y2", ["SECRET: x", "Secret: y2"]),
        (".", "a\né€😀", ["a", "é", "€", "😀"]),
        ("[à-ü]+", "naïve café", ["ï", "é"]),
        ("[^a]", "aéa", ["é"]),
        ("(?:ab)+|x", "ababx", ["abab", "x"]),
        (#"\x41\u00e9\."#, "Aé.", ["Aé."]),
        ("(a*b|c)+d", "aabcd", ["aabcd"]),
    ])
    func `the longest match is taken from left to right`(_ pattern: String, _ text: String, _ found: [String]) throws {
        #expect(try matches(pattern, text) == found)
    }

    @Test(arguments: [
        "", "a*", "(a", "a)", "[a", "a{", "a{2", "a{3,2}", "*a", "a**", "a*?", "a++", "(?=a)", "(?<n>a)", #"\1a"#,
        #"\p{L}"#,
        "a\\", #"\x4"#, "[b-a]", "^", #"\b"#, "(a|)", "a{1001}", "((a{100}){100}){100}", #"\uD800"#, "^*a",
    ])
    func `a pattern that cannot be used is refused`(_ pattern: String) {
        #expect(throws: PatternError.self) { try TextPattern(pattern) }
    }

    @Test func `random patterns find what a simple matcher finds`() throws {
        var random = SeededRandom(seed: 7)
        for _ in 0..<600 {
            let node = RandomPattern.node(depth: 3, &random)
            guard !node.matchesEmpty else { continue }
            let searcher = PatternSearcher(try TextPattern(node))
            for _ in 0..<8 {
                let text = RandomPattern.text(&random)
                let found = try text.withUnsafeBytes { try searcher.matches(in: $0) }
                #expect(found == ReferenceMatcher(text).matches(of: node), "\(node) in \(text)")
            }
        }
    }

    @Test func `patterns that make others hang take linear time`() throws {
        let text = Array((String(repeating: "a", count: 200_000) + "!").utf8)
        for pattern in ["(a+)+b", "(a|aa)+b", "a.*b", "(a|a)*$b", "([a-z]+)*1"] {
            let searcher = PatternSearcher(try TextPattern(pattern))
            let found = try text.withUnsafeBytes { try searcher.matches(in: $0) }
            #expect(found.isEmpty)
        }
    }

    @Test func `a search that would read the text again for each match gives up`() throws {
        let text = [UInt8](repeating: 0x61, count: 20_000)
        let searcher = PatternSearcher(try TextPattern("a(.*b)?"))
        #expect(throws: PatternWorkExceeded.self) {
            try text.withUnsafeBytes { try searcher.matches(in: $0) }
        }
        // It can be used for the next text.
        let next = try Array("ab".utf8).withUnsafeBytes { try searcher.matches(in: $0) }
        #expect(next == [0..<2])
    }

    @Test func `a pattern with more states than are kept still matches`() throws {
        var random = SeededRandom(seed: 3)
        let text =
            Array("cbbbbbbbbbbbbbbbba".utf8) + (0..<40_000).map { _ in UInt8(random.below(2) == 0 ? 0x61 : 0x62) }
        let searcher = PatternSearcher(try TextPattern("c[ab]{16}a[ab]*"))
        #expect(try text.withUnsafeBytes { try searcher.matches(in: $0) } == [0..<text.count])
        // It is no help in telling quickly that there is no match.
        #expect(Array(repeating: 0x63, count: 50).withUnsafeBytes { searcher.mayHaveMatch(in: $0) })
        let other = PatternSearcher(try TextPattern("c[ab]{16}a[ab]*"))
        #expect(!Array(repeating: 0x63, count: 50).withUnsafeBytes { other.mayHaveMatch(in: $0) })
    }
}

/// A matcher that tries everything.
private struct ReferenceMatcher {
    private let text: [UInt8]

    init(_ text: [UInt8]) {
        self.text = text
    }

    func matches(of node: PatternNode) -> [Range<Int>] {
        var found: [Range<Int>] = []
        var place = 0
        while place < text.count {
            if let end = ends(node, from: [place]).max(), end > place {
                found.append(place..<end)
                place = end
            } else {
                place += 1
            }
        }
        return found
    }

    private func ends(_ node: PatternNode, from places: Set<Int>) -> Set<Int> {
        switch node {
        case .empty: places
        case .scalars(let ranges): Set(places.compactMap { end(ranges, $0) })
        case .sequence(let parts): parts.reduce(places) { ends($1, from: $0) }
        case .choice(let branches): branches.reduce(into: []) { $0.formUnion(ends($1, from: places)) }
        case .repeated(let node, let least, let most): repeated(node, least, most, places)
        case .assertion(let assertion): places.filter { holds(assertion, $0) }
        }
    }

    private func repeated(_ node: PatternNode, _ least: Int, _ most: Int?, _ places: Set<Int>) -> Set<Int> {
        var current = places
        for _ in 0..<least { current = ends(node, from: current) }
        var all = current
        for _ in 0..<(most.map { $0 - least } ?? text.count + 1) {
            current = ends(node, from: current)
            if current.isSubset(of: all) { break }
            all.formUnion(current)
        }
        return all
    }

    private func end(_ ranges: [ClosedRange<UInt32>], _ place: Int) -> Int? {
        guard place < text.count, text[place] & 0xC0 != 0x80 else { return nil }
        var end = place + 1
        while end < text.count, text[end] & 0xC0 == 0x80 { end += 1 }
        guard let scalar = String(decoding: text[place..<end], as: UTF8.self).unicodeScalars.first else { return nil }
        return ranges.contains { $0.contains(scalar.value) } ? end : nil
    }

    private func holds(_ assertion: PatternAssertion, _ place: Int) -> Bool {
        let before = place > 0 && ASCIIWord.contains(text[place - 1])
        let after = place < text.count && ASCIIWord.contains(text[place])
        return switch assertion {
        case .textStart: place == 0
        case .textEnd: place == text.count
        case .wordBoundary: before != after
        case .noWordBoundary: before == after
        }
    }
}

private enum RandomPattern {
    static func node(depth: Int, _ random: inout SeededRandom) -> PatternNode {
        let leaf = depth == 0 || random.below(4) == 0
        switch leaf ? random.below(4) : 4 + random.below(4) {
        case 0: return .scalars([0x61...0x61])
        case 1: return .scalars([0x61...0x62, 0xE9...0x20AC])
        case 2: return .scalars(ScalarSet.inverted([0x61...0x61]))
        case 3:
            return [.assertion(.wordBoundary), .assertion(.textStart), .assertion(.textEnd), .empty][random.below(4)]
        case 4, 5: return .sequence((0..<2 + random.below(2)).map { _ in node(depth: depth - 1, &random) })
        case 6: return .choice((0..<2).map { _ in node(depth: depth - 1, &random) })
        default:
            let least = random.below(3)
            let most = random.below(2) == 0 ? nil : least + random.below(3)
            return .repeated(node(depth: depth - 1, &random), least: least, most: most)
        }
    }

    static func text(_ random: inout SeededRandom) -> [UInt8] {
        (0..<random.below(12)).flatMap { _ in Array(["a", "b", "é", "€", " ", "\u{10FFFF}"][random.below(6)].utf8) }
    }
}
