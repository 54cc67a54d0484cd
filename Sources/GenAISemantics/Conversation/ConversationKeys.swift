// ConversationKeys.swift - the keys of all content tables, for one look-up per attribute.

import TraceModel

/// Every attribute and prefix that the content tables know, with a number each.
///
/// An object, since each reading of a span refers to it.
final class ConversationKeys: Sendable {
    /// The numbers of whole keys.
    let exact: ByteKeyTable
    /// Whole keys in the order of their numbers.
    let keys: [StaticString]
    /// Prefixes in front of an index, as in `gen_ai.prompt.0.content`.
    let families: [StaticString]
    /// Prefixes in front of the name of a parameter.
    let paramPrefixes: [StaticString]

    /// What each whole key is used for, by number.
    let uses: [Uses]
    /// What each family is used for, by number.
    let familyUses: [Uses]

    /// What an attribute is used for: places in the tables, so that those without any are passed over.
    struct Uses: Sendable {
        /// The dialects that have it as input, one bit each.
        var inputs: UInt32 = 0
        /// The dialects that have it as output, one bit each.
        var outputs: UInt32 = 0
        /// The fields that it gives, one bit each.
        var fields: UInt16 = 0

        mutating func formUnion(_ other: Uses) {
            inputs |= other.inputs
            outputs |= other.outputs
            fields |= other.fields
        }
    }

    /// By the address of the key in its table, since each reading looks all of them up.
    private let numbers: AddressTable
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
        var numbers = AddressTable(capacity: keys.count + families.count + paramPrefixes.count)
        for key in keys + families + paramPrefixes {
            numbers.insert(UInt(bitPattern: key.utf8Start), numbersByText["\(key)"] ?? 0)
        }
        self.numbersByText = numbersByText
        self.numbers = numbers
        var table = UseTable(keys: self.keys.count, families: self.families.count, numbers: numbersByText)
        for (number, dialect) in dialects.enumerated() { table.note(dialect, bit: 1 << UInt32(number)) }
        uses = table.uses
        familyUses = table.familyUses
    }

    /// The number of a key, family or prefix in its list; families and prefixes end with a dot, and all differ.
    func number(of key: StaticString) -> Int? {
        numbers.number(of: UInt(bitPattern: key.utf8Start)) ?? numbersByText["\(key)"]
    }

    private static func unique(_ keys: [StaticString]) -> [StaticString] {
        var seen: Set<String> = []
        return keys.filter { seen.insert("\($0)").inserted }
    }
}

/// What keys are used for, in the making.
private struct UseTable {
    private(set) var uses: [ConversationKeys.Uses]
    private(set) var familyUses: [ConversationKeys.Uses]
    private let numbers: [String: Int]

    init(keys: Int, families: Int, numbers: [String: Int]) {
        uses = Array(repeating: ConversationKeys.Uses(), count: keys)
        familyUses = Array(repeating: ConversationKeys.Uses(), count: families)
        self.numbers = numbers
    }

    mutating func note(_ dialect: ContentDialect, bit: UInt32) {
        for place in dialect.input { note(place) { $0.inputs |= bit } }
        for place in dialect.output { note(place) { $0.outputs |= bit } }
        for name in dialect.names {
            guard let number = numbers["\(name.key)"] else { continue }
            let field = name.field.bit
            if name.isIndexed { familyUses[number].fields |= field } else { uses[number].fields |= field }
        }
    }

    private mutating func note(_ place: ContentPlace, _ change: (inout ConversationKeys.Uses) -> Void) {
        switch place {
        case .messages(let key), .history(let key), .value(let key):
            if let number = numbers["\(key)"] { change(&uses[number]) }
        case .indexed(let prefix):
            if let number = numbers["\(prefix)"] { change(&familyUses[number]) }
        case .pieces(let pieces):
            for piece in pieces { if let number = numbers["\(piece.key)"] { change(&uses[number]) } }
        case .events: break
        }
    }
}

/// Numbers by addresses, in an open table that is never changed once it is made.
private struct AddressTable: Sendable {
    private var places: [(address: UInt, number: Int)]
    private let shift: UInt64

    init(capacity: Int) {
        var bits = 4
        while 1 << bits < capacity * 4 { bits += 1 }
        places = Array(repeating: (0, 0), count: 1 << bits)
        shift = UInt64(64 - bits)
    }

    mutating func insert(_ address: UInt, _ number: Int) {
        var place = place(of: address)
        while places[place].address != 0, places[place].address != address { place = (place + 1) & (places.count - 1) }
        places[place] = (address, number)
    }

    func number(of address: UInt) -> Int? {
        var place = place(of: address)
        while places[place].address != address {
            if places[place].address == 0 { return nil }
            place = (place + 1) & (places.count - 1)
        }
        return places[place].number
    }

    private func place(of address: UInt) -> Int {
        Int(truncatingIfNeeded: (UInt64(address) &* 0x9E37_79B9_7F4A_7C15) >> shift)
    }
}
