// ByteKeyTableTests.swift - the hash from keys to numbers.

import Testing

@testable import GenAISemantics

struct ByteKeyTableTests {
    private let keys: [StaticString] = ["a", "ab", "abcdefg", "abcdefgh", "abcdefghi", "gen_ai.usage.input_tokens"]

    private func number(of key: String, in table: ByteKeyTable) -> Int? {
        var key = key
        return key.withUTF8 { table.number(of: $0) }
    }

    @Test func `every key has its number`() {
        let table = ByteKeyTable(keys)
        for (place, key) in keys.enumerated() {
            #expect(number(of: "\(key)", in: table) == place)
        }
    }

    @Test(arguments: [
        "", "b", "A", "abcdefgx", "abcdefghj", "gen_ai.usage.input_tokenz", "gen_ai.uXage.input_tokens",
        "gen_ai.usage.input_tokens.and.more",
    ])
    func `other keys have none`(_ key: String) {
        #expect(number(of: key, in: ByteKeyTable(keys)) == nil)
    }

    @Test func `case is ignored where it is asked for`() {
        let table = ByteKeyTable(["guardrail"], ignoresCase: true)
        #expect(number(of: "GuardRail", in: table) == 0)
        #expect(number(of: "GUARDRAIL!", in: table) == nil)
    }

    @Test func `every name of every dialect is found in the index`() {
        let index = DialectIndex.standard
        for dialect in Dialect.all {
            for name in dialect.names {
                let slot = number(of: "\(name.key)", in: index.keys)
                #expect(slot.map { index.fieldsOfSlot[$0] & name.field.bit } == name.field.bit)
            }
        }
    }
}
