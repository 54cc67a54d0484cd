// NumbersInJSON.swift - what stays of JSON with usage or settings when content is not kept.

/// Takes texts out of JSON and leaves numbers, truth values, keys, and the names of models and tiers.
enum NumbersInJSON {
    /// Bytes of such JSON at most; a longer one is treated like any text.
    static let maxBytes = 16 * 1024
    private static let keptKeys: [[UInt8]] = ["model", "model_name", "service_tier"].map { Array($0.utf8) }

    /// The JSON without its texts; nil when it has none, or is no object and no list.
    static func withoutTexts(_ json: UnsafeRawBufferPointer) -> [UInt8]? {
        var result: [UInt8] = []
        var copied = 0
        var place = 0
        var key = 0..<0
        while let start = quote(in: json, from: place) {
            let end = endOfText(in: json, from: start + 1)
            place = min(end + 1, json.count)
            var next = place
            while next < json.count, json[next] == 0x20 || (0x09...0x0D).contains(json[next]) { next += 1 }
            if next < json.count, json[next] == UInt8(ascii: ":") {
                key = start + 1..<end
                continue
            }
            guard !stays(json[start + 1..<end], of: json[key]) else { continue }
            result.append(contentsOf: json[copied...start])
            copied = end
        }
        guard copied > 0 else { return nil }
        result.append(contentsOf: json[copied...])
        return result
    }

    private static func stays(_ text: Slice<UnsafeRawBufferPointer>, of key: Slice<UnsafeRawBufferPointer>) -> Bool {
        if text.isEmpty || (text.count <= 32 && text.allSatisfy(isNumeric)) { return true }
        let isName = text.count <= 64 && !text.contains { $0 <= 0x20 || $0 == UInt8(ascii: "\\") }
        return isName && keptKeys.contains { key.elementsEqual($0) }
    }

    private static func isNumeric(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || ".-+eE".utf8.contains(byte)
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
