// NumbersInJSON.swift - what stays of JSON with usage or settings when content is not kept.

import TraceModel

/// Takes texts out of JSON and leaves numbers, truth values, keys, and the names of models and tiers.
enum NumbersInJSON {
    /// Bytes of such JSON at most; a longer one is treated like any text.
    static let maxBytes = 16 * 1024
    private static let keptKeys: [[UInt8]] = ["model", "model_name", "service_tier"].map { Array($0.utf8) }
    /// What stands in JSON without quotes beside numbers; Python writes the last ones.
    private static let words: [[UInt8]] = ["true", "false", "null", "e", "E", "NaN", "Infinity"].map { Array($0.utf8) }

    /// What stays of a text where JSON with numbers is expected: of an object or a list what is no text, also where it
    /// is written into a JSON string; a number as it is; of anything else nothing.
    ///
    /// - Returns: Nil when all of it stays.
    static func only(_ text: UnsafeRawBufferPointer) -> [UInt8]? {
        let first = text.first { !isSpace($0) }
        if first == UInt8(ascii: "{") || first == UInt8(ascii: "[") { return withoutTexts(text) }
        if first == UInt8(ascii: "\"") { return onlyInString(text) }
        return isNumberOrWord(text[...]) ? nil : []
    }

    /// Whether the text of a member stays, as far as it has the length of a name.
    static func keepsText(of key: UnsafeRawBufferPointer) -> Bool {
        keptKeys.contains { key.elementsEqual($0) }
    }

    /// The JSON without its texts; nil when it has none, nothing when words stand in it without quotes.
    private static func withoutTexts(_ json: UnsafeRawBufferPointer) -> [UInt8]? {
        var result: [UInt8] = []
        var copied = 0
        var place = 0
        var key = 0..<0
        while let start = quote(in: json, from: place) {
            guard hasOnlyWords(json[place..<start]) else { return [] }
            let end = endOfText(in: json, from: start + 1)
            place = min(end + 1, json.count)
            var next = place
            while next < json.count, isSpace(json[next]) { next += 1 }
            if next < json.count, json[next] == UInt8(ascii: ":") {
                key = start + 1..<end
                continue
            }
            guard !stays(json[start + 1..<end], of: json[key]) else { continue }
            result.append(contentsOf: json[copied...start])
            copied = end
        }
        guard hasOnlyWords(json[place...]) else { return [] }
        guard copied > 0 else { return nil }
        result.append(contentsOf: json[copied...])
        return result
    }

    /// What stays of JSON that is written into a JSON string, then without the string around it.
    private static func onlyInString(_ text: UnsafeRawBufferPointer) -> [UInt8]? {
        guard let inner = text.withMemoryRebound(to: UInt8.self, { JSONValue(utf8: $0) })?.string else { return [] }
        let bytes = Array(inner.utf8)
        return bytes.withUnsafeBytes { bytes -> [UInt8]? in
            let first = bytes.first { !isSpace($0) }
            if first == UInt8(ascii: "{") || first == UInt8(ascii: "[") { return withoutTexts(bytes) ?? Array(bytes) }
            return isNumberOrWord(bytes[...]) ? nil : []
        }
    }

    private static func stays(_ text: Slice<UnsafeRawBufferPointer>, of key: Slice<UnsafeRawBufferPointer>) -> Bool {
        if text.isEmpty || (text.count <= 32 && text.allSatisfy(isNumeric)) { return true }
        let isName = text.count <= 64 && !text.contains { $0 <= 0x20 || $0 == UInt8(ascii: "\\") }
        return isName && keptKeys.contains { key.elementsEqual($0) }
    }

    /// Whether a text is empty, a number, or a word that JSON has without quotes.
    private static func isNumberOrWord(_ text: Slice<UnsafeRawBufferPointer>) -> Bool {
        text.count <= 32 && (text.allSatisfy(isNumeric) || words.contains { text.elementsEqual($0) })
    }

    /// Whether what stands outside of quotes may be JSON: its words are those that JSON has.
    private static func hasOnlyWords(_ text: Slice<UnsafeRawBufferPointer>) -> Bool {
        var place = text.startIndex
        while place < text.endIndex {
            guard isLetter(text[place]) else {
                place += 1
                continue
            }
            let start = place
            while place < text.endIndex, isLetter(text[place]) { place += 1 }
            let word = text[start..<place]
            guard words.contains(where: { word.elementsEqual($0) }) else { return false }
        }
        return true
    }

    /// Whether a byte is part of a word in any script.
    private static func isLetter(_ byte: UInt8) -> Bool {
        byte >= 0x80 || (0x61...0x7A).contains(byte | 0x20)
    }

    private static func isNumeric(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || ".-+eE".utf8.contains(byte)
    }

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || (0x09...0x0D).contains(byte)
    }

    private static func quote(in json: UnsafeRawBufferPointer, from place: Int) -> Int? {
        json[place...].firstIndex(of: UInt8(ascii: "\""))
    }

    /// Where the text that began before `place` ends: at its quote, or at the end of the JSON.
    private static func endOfText(in json: UnsafeRawBufferPointer, from place: Int) -> Int {
        var place = place
        while place < json.count, json[place] != UInt8(ascii: "\"") {
            place += json[place] == UInt8(ascii: "\\") ? 2 : 1
        }
        return min(place, json.count)
    }
}
