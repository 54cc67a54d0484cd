// TextWordsTests.swift - what counts as a word.

import Testing
import TraceStore

struct TextWordsTests {
    private func words(_ text: String) -> [String] {
        var text = text
        var found: [String] = []
        text.withUTF8 { utf8 in
            TextWords.forEach(in: utf8) { word in
                found.append(String(decoding: word, as: UTF8.self))
                return true
            }
        }
        return found
    }

    @Test(arguments: [
        ("Hello, World!", ["hello", "world"]),
        ("get_weather(city=\"Oslo\")", ["get", "weather", "city", "oslo"]),
        ("order 4711 of 2024-05-01", ["order", "4711", "of", "2024", "05", "01"]),
        ("café naïve Ünïcode", ["café", "naïve", "Ünïcode"]),
        ("Привет мир — “quoted”", ["Привет", "мир", "quoted"]),
        ("", []), (" \t\n.,;", []), ("…€→", []),
        ("x", ["x"]), ("a1b2", ["a1b2"]),
    ])
    func `letters and digits make words, everything else separates them`(_ text: String, _ expected: [String]) {
        #expect(words(text) == expected)
    }

    @Test(arguments: [
        ("天気予報", ["天気", "気予", "予報", "報"]),
        ("天", ["天"]),
        ("GPTで天気、OK", ["gpt", "で天", "天気", "気", "ok"]),
        ("날씨 오늘", ["날씨", "씨", "오늘", "늘"]),
        ("สวัสดี", ["สว", "วั", "ัส", "สด", "ดี", "ี"]),
    ])
    func `scripts without spaces give pairs of neighbours`(_ text: String, _ expected: [String]) {
        #expect(words(text) == expected)
    }

    @Test func `words of more than 64 bytes are left out, one of 64 is kept`() {
        let longest = String(repeating: "a", count: 64)
        #expect(words("x \(longest) y") == ["x", longest, "y"])
        #expect(words("x \(longest)a y") == ["x", "y"])
        #expect(words("x \(String(repeating: "é", count: 33)) y") == ["x", "y"])
    }

    @Test func `long runs of base64 are left out as a whole`() {
        let blob = String(repeating: "aGVsbG8+d29y/bGQt", count: 20)
        #expect(words("data:image/png;base64,\(blob) after") == ["data", "image", "png", "base64", "after"])
        #expect(words(blob).isEmpty)
        // A path of ordinary length stays.
        #expect(words("/usr/local/share/doc") == ["usr", "local", "share", "doc"])
    }

    @Test func `the walk ends when it is told to`() {
        var text = "one two three"
        var count = 0
        text.withUTF8 { utf8 in
            TextWords.forEach(in: utf8) { _ in
                count += 1
                return count < 2
            }
        }
        #expect(count == 2)
    }

    @Test func `bytes that are no UTF-8 separate words`() {
        let bytes: [UInt8] = [0x61, 0xFF, 0x62, 0xE5, 0xA4, 0x63, 0xC3]
        var found: [String] = []
        bytes.withUnsafeBufferPointer { bytes in
            TextWords.forEach(in: bytes) { word in
                found.append(String(decoding: word, as: UTF8.self))
                return true
            }
        }
        #expect(found == ["a", "b", "c"])
    }
}
