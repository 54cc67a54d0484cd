// ModelFamily.swift - which model names mean the same model.

/// Model names compared without what providers and dates add to them.
enum ModelFamily {
    /// Whether two model names belong to one family.
    static func isSame(_ left: String, _ right: String) -> Bool {
        left == right || family(of: left).elementsEqual(family(of: right))
    }

    /// What Bedrock puts before the name of a maker for where the model runs, beside words of two letters.
    private static let regions = ["apac", "global", "us-gov"]
    /// Whose models Bedrock serves.
    private static let makers = [
        "ai21", "amazon", "anthropic", "cohere", "deepseek", "luma", "meta", "minimax", "mistral", "moonshotai",
        "nvidia",
        "openai", "qwen", "stability", "twelvelabs", "writer",
    ]

    /// Lower case, without provider prefix (`openai/`), Bedrock's region, maker and version (`us.anthropic.`, `-v1:0`),
    /// date suffix (`-2024-08-06`, `-20240806`, `@20240806`) and `-latest`.
    static func family(of name: String) -> [UInt8] {
        let bytes = name.lowercased().utf8
        let start = bytes.lastIndex(of: UInt8(ascii: "/")).map(bytes.index(after:)) ?? bytes.startIndex
        let bare = withoutMaker(bytes[start...])
        var text = Array(bare)
        text.removeLast(versionLength(text, isOfBedrock: bare.startIndex != start))
        let latest = Array("-latest".utf8)
        if text.count > latest.count, text.suffix(latest.count).elementsEqual(latest) {
            text.removeLast(latest.count)
        }
        let cut = dateSuffixLength(text)
        if cut < text.count { text.removeLast(cut) }
        return text
    }

    private static func withoutMaker(_ name: Substring.UTF8View) -> Substring.UTF8View {
        guard let first = name.firstIndex(of: UInt8(ascii: ".")) else { return name }
        var (word, rest) = (name[..<first], name[name.index(after: first)...])
        if !isMaker(word), isRegion(word), let second = rest.firstIndex(of: UInt8(ascii: ".")) {
            (word, rest) = (rest[..<second], rest[rest.index(after: second)...])
        }
        return isMaker(word) ? rest : name
    }

    private static func isMaker(_ word: Substring.UTF8View) -> Bool {
        makers.contains { word.elementsEqual($0.utf8) }
    }

    private static func isRegion(_ word: Substring.UTF8View) -> Bool {
        word.count == 2 || regions.contains { word.elementsEqual($0.utf8) }
    }

    /// Bytes of `-v1:0` or `-v1:0:200k` at the end, and of `-v1` where a maker stood before; 0 for none.
    ///
    /// A greater number tells models apart, unless a date before it does.
    private static func versionLength(_ text: [UInt8], isOfBedrock: Bool) -> Int {
        let colon = text.firstIndex(of: UInt8(ascii: ":")) ?? text.endIndex
        if colon < text.endIndex {
            let number = text[(colon + 1)...].prefix { $0 != UInt8(ascii: ":") }
            guard !number.isEmpty, number.allSatisfy(isDigit) else { return 0 }
        } else if !isOfBedrock {
            return 0
        }
        let digits = text[..<colon].reversed().prefix(while: isDigit).count
        let start = colon - digits - 2
        guard digits > 0, start >= 0, text[start..<(start + 2)].elementsEqual("-v".utf8) else { return 0 }
        let isFirst = text[(start + 2)..<colon].elementsEqual("1".utf8)
        return isFirst || dateSuffixLength(Array(text[..<start])) > 0 ? text.count - start : 0
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }

    private static func dateSuffixLength(_ text: [UInt8]) -> Int {
        for shape in ["-dddd-dd-dd", "-dddddddd", "@dddddddd"] where matches(text.suffix(shape.utf8.count), shape) {
            return shape.utf8.count
        }
        return 0
    }

    /// Whether every byte is the one of the shape, or a digit where that has `d`.
    private static func matches(_ text: ArraySlice<UInt8>, _ shape: String) -> Bool {
        text.count == shape.utf8.count
            && zip(text, shape.utf8).allSatisfy { byte, wanted in
                wanted == UInt8(ascii: "d") ? isDigit(byte) : byte == wanted
            }
    }
}
