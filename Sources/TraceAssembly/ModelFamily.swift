// ModelFamily.swift - which model names mean the same model.

/// Model names compared without what providers and dates add to them.
enum ModelFamily {
    /// Whether two model names belong to one family.
    static func isSame(_ left: String, _ right: String) -> Bool {
        left == right || family(of: left).elementsEqual(family(of: right))
    }

    /// What Bedrock puts before the name of a maker for where the model runs; so does any word of two letters.
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
        var rest = name
        func takeWord(where isKnown: (Substring.UTF8View) -> Bool) {
            guard let dot = rest.firstIndex(of: UInt8(ascii: ".")), isKnown(rest[..<dot]) else { return }
            rest = rest[rest.index(after: dot)...]
        }
        takeWord { word in
            (word.count == 2 && word.allSatisfy { $0 &- UInt8(ascii: "a") < 26 })
                || regions.contains { word.elementsEqual($0.utf8) }
        }
        takeWord { word in makers.contains { word.elementsEqual($0.utf8) } }
        return rest
    }

    /// Bytes of `-v1:0` or `-v1:0:200k` at the end, of `:0` alone, and of `-v1` where a maker stood before; 0 for none.
    private static func versionLength(_ text: [UInt8], isOfBedrock: Bool) -> Int {
        let colon = text.firstIndex(of: UInt8(ascii: ":")) ?? text.endIndex
        if colon < text.endIndex {
            let number = text[(colon + 1)...].prefix { $0 != UInt8(ascii: ":") }
            guard colon > 0, !number.isEmpty, number.allSatisfy(isDigit) else { return 0 }
        } else if !isOfBedrock {
            return 0
        }
        let digits = text[..<colon].reversed().prefix(while: isDigit).count
        let isVersion = digits > 0 && text[..<(colon - digits)].suffix(2).elementsEqual("-v".utf8)
        return text.count - colon + (isVersion ? digits + 2 : 0)
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
