// NameRules.swift - the rules by which model names are known.

/// The rules of a price file and their texts, packed.
struct NameRules: Sendable {
    /// What a rule asks of a name.
    enum Test: UInt8, Sendable {
        /// Is the text.
        case eq
        /// Begins with the text.
        case prefix
        /// Ends with the text.
        case suffix
        /// Holds the text somewhere.
        case has
        /// Does not hold the text.
        case hasNot
        /// Is the text, `-` or `@`, and a day (8 digits or YYYY-MM-DD).
        case dated
        /// Is the text and at least one digit.
        case digit
        /// Obeys each of the rules that follow.
        case all

        /// The test with a name of the price file.
        init?(name: String) {
            switch name {
            case "eq": self = .eq
            case "prefix": self = .prefix
            case "suffix": self = .suffix
            case "has": self = .has
            case "not_has": self = .hasNot
            case "dated": self = .dated
            case "digit": self = .digit
            case "all": self = .all
            default: return nil
            }
        }
    }

    private struct Rule {
        let test: Test
        /// The length of the text; of `all` the number of rules.
        var length: UInt16
        let offset: UInt32
    }

    private var rules: [Rule] = []
    private var texts: [UInt8] = []

    /// How many rules there are, those inside others included.
    var count: Int { rules.count }

    /// Adds a rule with a text, which is compared in lower case.
    mutating func append(_ test: Test, _ text: String) {
        rules.append(Rule(test: test, length: UInt16(text.utf8.count), offset: UInt32(texts.count)))
        texts.append(contentsOf: text.utf8.lazy.map(\.asciiLowercased))
    }

    /// Adds a rule that holds when the rules do which are added before `closeAll`; gives its number.
    mutating func openAll() -> Int {
        rules.append(Rule(test: .all, length: 0, offset: 0))
        return rules.count - 1
    }

    /// Ends the list of an `all`.
    mutating func closeAll(_ number: Int) {
        rules[number].length = UInt16(rules.count - number - 1)
    }

    /// The text of a rule that is `eq`; nil for the others.
    func exactText(of number: Int) -> ArraySlice<UInt8>? {
        rules[number].test == .eq ? text(rules[number]) : nil
    }

    /// How much of a name the rule settles: the length of its text.
    func weight(of number: Int) -> Int {
        rules[number].test == .all ? 0 : Int(rules[number].length)
    }

    /// Whether a rule holds for a name in lower case.
    func hold(_ number: Int, for name: UnsafeBufferPointer<UInt8>) -> Bool {
        let rule = rules[number]
        guard rule.test != .all else {
            return (number + 1...number + Int(rule.length)).allSatisfy { hold($0, for: name) }
        }
        return text(rule).withUnsafeBufferPointer { Self.hold(rule.test, $0, name) }
    }

    private func text(_ rule: Rule) -> ArraySlice<UInt8> {
        texts[Int(rule.offset)..<Int(rule.offset) + Int(rule.length)]
    }

    private static func hold(
        _ test: Test,
        _ text: UnsafeBufferPointer<UInt8>,
        _ name: UnsafeBufferPointer<UInt8>
    ) -> Bool {
        guard name.count >= text.count else { return test == .hasNot }
        switch test {
        case .eq: return name.count == text.count && name.starts(text, at: 0)
        case .prefix: return name.starts(text, at: 0)
        case .suffix: return name.starts(text, at: name.count - text.count)
        case .has: return name.holds(text)
        case .hasNot: return !name.holds(text)
        case .dated: return name.starts(text, at: 0) && isDate(name[text.count...])
        case .digit:
            return name.count > text.count && name.starts(text, at: 0)
                && name[text.count...].allSatisfy { $0.decimalDigit != nil }
        case .all: return false
        }
    }

    private static func isDate(_ rest: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
        guard let mark = rest.first, mark == UInt8(ascii: "-") || mark == UInt8(ascii: "@") else { return false }
        let day = rest.dropFirst()
        return day.hasShape("dddddddd") || day.hasShape("dddd-dd-dd")
    }
}

extension UnsafeBufferPointer<UInt8> {
    /// Whether the text stands at a place at which there is room for it.
    @inline(__always)
    fileprivate func starts(_ text: UnsafeBufferPointer<UInt8>, at place: Int) -> Bool {
        for offset in 0..<text.count where self[place + offset] != text[offset] { return false }
        return true
    }

    fileprivate func holds(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        guard let first = text.first else { return true }
        guard count >= text.count else { return false }
        for place in 0...count - text.count where self[place] == first && starts(text, at: place) { return true }
        return false
    }
}

extension Collection<UInt8> {
    /// Whether every character is the one of the shape, or a digit where that has `d`.
    func hasShape(_ shape: StaticString) -> Bool {
        guard count == shape.utf8CodeUnitCount else { return false }
        return shape.withUTF8Buffer { shape in
            zip(self, shape).allSatisfy { byte, wanted in
                wanted == UInt8(ascii: "d") ? byte.decimalDigit != nil : byte == wanted
            }
        }
    }
}

extension UInt8 {
    /// The character in lower case, if it is a letter of ASCII.
    @inline(__always)
    var asciiLowercased: UInt8 {
        self >= UInt8(ascii: "A") && self <= UInt8(ascii: "Z") ? self | 0x20 : self
    }
}
