// NamePart.swift - what is taken from a model name, one function for each step.

/// What providers, hosts and gateways put around model names, in lower case; each function gives nil when it is not there.
enum NamePart {
    /// `models/x`, `publishers/google/models/x`, `projects/.../models/x`, `accounts/fireworks/models/x`: `x`.
    static func withoutPath(_ name: [UInt8]) -> [UInt8]? {
        let wrappers = ["models/", "publishers/", "projects/", "accounts/"]
        guard wrappers.contains(where: { name.starts(with: $0.utf8) }),
            let marker = lastRange(of: "models/", in: name),
            marker.lowerBound == 0 || name[marker.lowerBound - 1] == UInt8(ascii: "/")
        else { return nil }
        return Array(name[marker.upperBound...])
    }

    /// What stands before the first `/` or `:`, and the rest.
    static func splitPrefix(_ name: [UInt8]) -> (prefix: ArraySlice<UInt8>, rest: [UInt8])? {
        let place = name.firstIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: ":") }
        guard let place, place > 0, place + 1 < name.count else { return nil }
        return (name[..<place], Array(name[(place + 1)...]))
    }

    /// The names of a Bedrock model: first without the tail such as `-v1:0`, then also without resource name, region
    /// and maker, since a regional name can have a price of its own.
    static func withoutBedrock(_ name: [UInt8]) -> [[UInt8]?] {
        var heads = [name]
        if name.starts(with: "arn:aws".utf8) {
            for marker in ["inference-profile/", "foundation-model/"] {
                if let range = lastRange(of: marker, in: name) {
                    heads.append(Array(name[range.upperBound...]))
                    break
                }
            }
        }
        for prefixes in [regions, makers] {
            guard let last = heads.last, let prefix = prefixes.first(where: { last.starts(with: $0.utf8) }) else {
                continue
            }
            heads.append(Array(last.dropFirst(prefix.utf8.count)))
        }
        var names = heads.flatMap(withoutTail)
        // Some leave the maker out: `nova-lite-v1:0`. Only with the tail of Bedrock, so that no other name is meant.
        if let last = heads.last, !last.contains(UInt8(ascii: ".")), withoutTail(last).count > 1 {
            names += makers.map { Array($0.utf8) + last }
        }
        return names
    }

    /// `claude-sonnet-4-5@20250929`: `claude-sonnet-4-5`.
    static func withoutVersion(_ name: [UInt8]) -> [UInt8]? {
        guard let place = name.lastIndex(of: UInt8(ascii: "@")), place > 0 else { return nil }
        return Array(name[..<place])
    }

    /// `-20250929` for `-2025-09-29` and `@20250929`, and back.
    static func withOtherDate(_ name: [UInt8]) -> [UInt8]? {
        let compact = name.suffix(9)
        if compact.hasShape("-dddddddd"), isDate(compact.dropFirst()) {
            let digits = Array(compact.dropFirst())
            let dashed = [digits[0..<4], digits[4..<6], digits[6..<8]].joined(separator: [UInt8(ascii: "-")])
            return name.dropLast(8) + Array(dashed)
        }
        if compact.hasShape("@dddddddd"), isDate(compact.dropFirst()) {
            return name.dropLast(9) + [UInt8(ascii: "-")] + compact.dropFirst()
        }
        let dashed = name.suffix(11)
        guard dashed.hasShape("-dddd-dd-dd") else { return nil }
        let digits = dashed.filter { $0 != UInt8(ascii: "-") }
        return isDate(digits[...]) ? name.dropLast(10) + digits : nil
    }

    /// Without `-20250929`, `@20250929`, `-2024-08-06` or `-0613`.
    static func withoutDate(_ name: [UInt8]) -> [UInt8]? {
        for shape: StaticString in ["-dddd-dd-dd", "-dddddddd", "@dddddddd", "-dddd"] {
            let tail = name.suffix(shape.utf8CodeUnitCount)
            guard tail.hasShape(shape), tail.count < name.count else { continue }
            let digits = tail.filter { $0.decimalDigit != nil }
            if isDate(digits[...]) { return Array(name.dropLast(tail.count)) }
        }
        return nil
    }

    /// Without `-latest`, `-preview-05-20`, `:thinking` and the like, and whether that was `-fast`.
    static func withoutSuffix(_ name: [UInt8]) -> (name: [UInt8], isFast: Bool)? {
        for suffix in suffixes
        where name.count > suffix.utf8.count && name.suffix(suffix.utf8.count).elementsEqual(suffix.utf8) {
            return (Array(name.dropLast(suffix.utf8.count)), suffix == "-fast")
        }
        for (word, shape): (String, StaticString) in [("-preview", "-dd-dddd"), ("-preview", "-dd-dd"), ("", "-ddd")] {
            let length = word.utf8.count + shape.utf8CodeUnitCount
            let tail = name.suffix(length)
            guard length < name.count, tail.starts(with: word.utf8), tail.dropFirst(word.utf8.count).hasShape(shape)
            else {
                continue
            }
            return (Array(name.dropLast(length)), false)
        }
        return nil
    }

    /// `claude-sonnet-4.5` becomes `claude-sonnet-4-5`.
    static func withDashes(_ name: [UInt8]) -> [UInt8]? {
        replacing(UInt8(ascii: "."), by: UInt8(ascii: "-"), in: name)
    }

    /// `gpt-5-1` becomes `gpt-5.1`.
    static func withDots(_ name: [UInt8]) -> [UInt8]? {
        replacing(UInt8(ascii: "-"), by: UInt8(ascii: "."), in: name)
    }

    /// `ft:gpt-4o-mini:org::id`: `gpt-4o-mini`.
    static func fineTuneBase(_ name: [UInt8]) -> [UInt8]? {
        guard name.starts(with: "ft:".utf8) else { return nil }
        let base = name.dropFirst(3).prefix { $0 != UInt8(ascii: ":") }
        return base.isEmpty ? nil : Array(base)
    }

    // MARK: Parts

    private static let regions = ["us-gov.", "us.", "eu.", "apac.", "jp.", "au.", "global."]
    private static let makers = [
        "anthropic.", "meta.", "amazon.", "mistral.", "cohere.", "ai21.", "deepseek.", "openai.", "qwen.", "google.",
        "nvidia.", "minimax.", "moonshot.", "moonshotai.", "zai.", "writer.", "stability.", "twelvelabs.", "luma.",
    ]
    private static let suffixes = [
        "-latest", "-preview", "-exp", "-it", ":free", ":nitro", ":thinking", "[1m]", "-fast",
    ]

    /// The name without `:200k`, then without `:0`, then without `-v1`; the name itself comes first.
    private static func withoutTail(_ name: [UInt8]) -> [[UInt8]] {
        var names = [name]
        var rest = name[...]
        if let place = rest.lastIndex(of: UInt8(ascii: ":")), rest.last == UInt8(ascii: "k"),
            isNumber(rest[(place + 1)...].dropLast())
        {
            rest = rest[..<place]
            names.append(Array(rest))
        }
        if let place = rest.lastIndex(of: UInt8(ascii: ":")), isNumber(rest[(place + 1)...]) {
            rest = rest[..<place]
            names.append(Array(rest))
        }
        if rest.count > 3, rest.suffix(3).hasShape("-vd") {
            names.append(Array(rest.dropLast(3)))
        }
        return names
    }

    private static func isNumber(_ text: ArraySlice<UInt8>) -> Bool {
        !text.isEmpty && text.count <= 4 && text.allSatisfy { $0.decimalDigit != nil }
    }

    /// Whether digits are a day with its year, or month and day, or year and month.
    private static func isDate(_ digits: ArraySlice<UInt8>) -> Bool {
        let numbers = digits.compactMap(\.decimalDigit)
        let pairs = stride(from: 0, to: numbers.count - 1, by: 2).map { numbers[$0] * 10 + numbers[$0 + 1] }
        switch pairs.count {
        case 4: return (19...20).contains(pairs[0]) && (1...12).contains(pairs[2]) && (1...31).contains(pairs[3])
        case 2:
            let isMonthAndDay = (1...12).contains(pairs[0]) && (1...31).contains(pairs[1])
            return isMonthAndDay || (20...39).contains(pairs[0]) && (1...12).contains(pairs[1])
        default: return false
        }
    }

    /// Changes a separator wherever it stands between two numbers of one or two digits.
    private static func replacing(_ separator: UInt8, by other: UInt8, in name: [UInt8]) -> [UInt8]? {
        var result = name
        for place in name.indices where name[place] == separator {
            let before = name[..<place].reversed().prefix { $0.decimalDigit != nil }.count
            let after = name[(place + 1)...].prefix { $0.decimalDigit != nil }.count
            if (1...2).contains(before), (1...2).contains(after) { result[place] = other }
        }
        return result == name ? nil : result
    }

    private static func lastRange(of text: String, in name: [UInt8]) -> Range<Int>? {
        let text = Array(text.utf8)
        guard name.count >= text.count else { return nil }
        for place in (0...name.count - text.count).reversed() where name[place..<place + text.count].elementsEqual(text)
        {
            return place..<place + text.count
        }
        return nil
    }
}
