// ConversationKeys.swift - the keys of all content tables, for one look-up per attribute.

import TraceModel

/// Every attribute and prefix that the content tables know, with a number each.
struct ConversationKeys: Sendable {
    /// The numbers of whole keys.
    let exact: ByteKeyTable
    /// Whole keys in the order of their numbers.
    let keys: [StaticString]
    /// Prefixes in front of an index, as in `gen_ai.prompt.0.content`.
    let families: [StaticString]
    /// Prefixes in front of the name of a parameter.
    let paramPrefixes: [StaticString]

    /// By the address of the key in its table, since each reading looks all of them up.
    private let numbers: [UInt: Int]
    private let numbersByText: [String: Int]

    /// The keys of `ContentDialect.all`.
    static let standard = ConversationKeys(ContentDialect.all)

    init(_ dialects: [ContentDialect]) {
        var keys: [StaticString] = []
        var families: [StaticString] = []
        var paramPrefixes: [StaticString] = []
        for dialect in dialects {
            for place in dialect.input + dialect.output {
                switch place {
                case .messages(let key), .history(let key), .value(let key): keys.append(key)
                case .indexed(let prefix): families.append(prefix)
                case .pieces(let pieces): keys += pieces.map(\.key)
                case .events: break
                }
            }
            for name in dialect.names {
                if name.isIndexed { families.append(name.key) } else { keys.append(name.key) }
            }
            for param in dialect.params {
                if case .prefix = param.form { paramPrefixes.append(param.key) } else { keys.append(param.key) }
            }
        }
        self.keys = Self.unique(keys)
        self.families = Self.unique(families)
        self.paramPrefixes = Self.unique(paramPrefixes)
        exact = ByteKeyTable(self.keys)
        var numbersByText: [String: Int] = [:]
        for list in [self.keys, self.families, self.paramPrefixes] {
            for (number, key) in list.enumerated() { numbersByText["\(key)"] = number }
        }
        var numbers: [UInt: Int] = [:]
        for key in keys + families + paramPrefixes {
            numbers[UInt(bitPattern: key.utf8Start)] = numbersByText["\(key)"]
        }
        self.numbersByText = numbersByText
        self.numbers = numbers
    }

    /// The number of a key, family or prefix in its list; families and prefixes end with a dot, and all differ.
    func number(of key: StaticString) -> Int? {
        numbers[UInt(bitPattern: key.utf8Start)] ?? numbersByText["\(key)"]
    }

    private static func unique(_ keys: [StaticString]) -> [StaticString] {
        var seen: Set<String> = []
        return keys.filter { seen.insert("\($0)").inserted }
    }
}
