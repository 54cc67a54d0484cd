// DisplayWidthTests.swift - columns of text, and text that is made harmless.

import Testing

@testable import TerminalText

struct DisplayWidthTests {
    @Test(arguments: [
        ("", 0), ("plain", 5), ("日本語", 6), ("한국어", 6), ("ＡＢ", 4), ("é", 1), ("e\u{301}", 1), ("👍", 2), ("👍🏽", 2),
        ("👨‍👩‍👧‍👦", 2), ("🇩🇪", 2), ("❤️", 2), ("→", 1), ("│", 1), ("…", 1), ("\u{1112}\u{1161}\u{11AB}", 2), ("かな", 4),
        ("a\u{300}\u{301}\u{302}b", 2), ("✗", 1), ("█", 1),
    ])
    func `text takes as many columns as a terminal gives it`(_ text: String, _ columns: Int) {
        #expect(text.columns == columns)
    }

    @Test(arguments: [
        ("plain", 5, "plain"), ("plain", 4, "pla…"), ("plain", 1, "…"), ("plain", 0, ""), ("日本語", 5, "日本…"),
        ("日本語", 4, "日…"), ("日本語", 6, "日本語"), ("👍👍", 3, "👍…"), ("e\u{301}tude", 3, "e\u{301}t…"),
    ])
    func `what is too long is cut by columns, never through a sign`(_ text: String, _ width: Int, _ fitted: String) {
        #expect(text.fitted(to: width) == fitted)
        #expect(text.fitted(to: width).columns <= width)
    }

    @Test(arguments: [
        ("plain", "plain"), ("日本 👍🏽 👨‍👩‍👧", "日本 👍🏽 👨‍👩‍👧"), ("a\nb\r\n\tc", "a\\nb\\r\\n\\tc"),
        ("\u{1B}[31mred\u{1B}[0m", "\\u{1B}[31mred\\u{1B}[0m"), ("\u{9B}2J", "\\u{9B}2J"),
        ("a\u{202E}b", "a\\u{202E}b"),
        ("a\u{2066}b\u{2069}", "a\\u{2066}b\\u{2069}"), ("\u{200F}a\u{200B}", "\\u{200F}a\\u{200B}"),
        ("\u{301}a", "\\u{301}a"), ("a\u{2028}b", "a\\u{2028}b"), ("\u{7F}\u{0}", "\\u{7F}\\u{0}"),
        ("\u{E000}", "\\u{E000}"), ("\u{FEFF}a", "\\u{FEFF}a"),
        ("\u{1B}]8;;http://x\u{7}", "\\u{1B}]8;;http://x\\u{7}"),
    ])
    func `nothing from outside moves the cursor or turns the text`(_ text: String, _ safe: String) {
        #expect(SafeText.line(text) == safe)
    }

    @Test func `marks without end on one letter are cut`() {
        let tower = "a" + String(repeating: "\u{301}", count: 10_000)
        #expect(SafeText.line(tower).unicodeScalars.count == 16)
    }
}
