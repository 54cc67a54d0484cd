// ModelFamily.swift - which model names mean the same model.

/// Model names compared without what providers and dates add to them.
enum ModelFamily {
    /// Whether two model names belong to one family.
    static func isSame(_ left: String, _ right: String) -> Bool {
        left == right || family(of: left).elementsEqual(family(of: right))
    }

    /// Lower case, without provider prefix (`openai/`), date suffix (`-2024-08-06`, `-20240806`, `@20240806`) and
    /// `-latest`.
    static func family(of name: String) -> [UInt8] {
        let bytes = name.lowercased().utf8
        let start = bytes.lastIndex(of: UInt8(ascii: "/")).map(bytes.index(after:)) ?? bytes.startIndex
        var text = Array(bytes[start...])
        let latest = Array("-latest".utf8)
        if text.count > latest.count, text.suffix(latest.count).elementsEqual(latest) {
            text.removeLast(latest.count)
        }
        let cut = dateSuffixLength(text)
        if cut < text.count { text.removeLast(cut) }
        return text
    }

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
                wanted == UInt8(ascii: "d") ? (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) : byte == wanted
            }
    }
}
