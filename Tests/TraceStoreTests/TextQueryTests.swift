// TextQueryTests.swift - what somebody may search for.

import Testing
import TraceModel
import TraceStore

struct TextQueryTests {
    @Test(arguments: [
        ("timeout", #""timeout""#),
        ("  Rate   Limit ", #""rate" AND "limit""#),
        (#""rate limit""#, #""rate" AND "limit""#),
        ("time*", #""time"*"#),
        (#""get_wea*""#, #""get" AND "wea"*"#),
        ("a a A", #""a""#),
        ("天気予報", #""天気" AND "気予" AND "予報""#),
        ("天", #""天"*"#),
        ("gpt天", #""gpt" AND "天"*"#),
    ])
    func `words are quoted and all have to be there`(_ text: String, _ expected: String) throws {
        #expect(try TextQuery(text).expression == expected)
    }

    @Test(arguments: [
        #"a" OR "b"#, "NEAR(a b)", "words:a", "-a", "^a", "a AND", "(", "a{b}", "a\0b", "'; DROP TABLE traces; --",
        "a+b",
        #"""""a"""""#, "* a *", "NOT a", "a:b*c",
    ])
    func `nothing in a query has a meaning of its own`(_ text: String) throws {
        guard let query = try? TextQuery(text) else {
            #expect(text == "(")
            return
        }
        for word in query.words {
            let isPlain = word.text.allSatisfy { $0.isLetter || $0.isNumber }
            #expect(isPlain, "\(word)")
        }
    }

    @Test(arguments: ["", "   ", "*", "\"\"", "…—", String(repeating: "x", count: 65)])
    func `a query without a word is refused`(_ text: String) {
        #expect { try TextQuery(text) } throws: { ($0 as? StoreError)?.code == .invalid }
    }

    @Test func `sixteen words are the most, and a kilobyte`() throws {
        let words = (1...16).map { "w\($0)" }.joined(separator: " ")
        #expect(try TextQuery(words).words.count == 16)
        #expect { try TextQuery(words + " more") } throws: { ($0 as? StoreError)?.code == .invalid }
        #expect { try TextQuery("a " + String(repeating: "b", count: 1024)) } throws: {
            ($0 as? StoreError)?.code == .invalid
        }
        let many = String(repeating: "天気予", count: 30)
        #expect(try TextQuery(many).words.count == 3)
    }
}
