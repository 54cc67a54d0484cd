// DialectIndex.swift - the tables of all dialects, arranged for reading spans.

import TraceModel

/// The tables of all dialects, arranged by attribute key and by field.
///
/// Each known key has a slot, a small integer. Built once.
struct DialectIndex: Sendable {
    /// An attribute that can give a field.
    struct Candidate: Sendable {
        let slot: Int
        let form: FieldName.Form
    }

    /// An attribute that can give the role; a class, so that looking at it counts one reference and not three.
    final class KindCandidate: Sendable {
        let slot: Int
        private let values: ByteKeyTable
        private let roles: [SpanRole]
        /// Endings of values, in lower case, with the role of each.
        private let endings: [(ending: [UInt8], role: SpanRole)]
        private let otherwise: SpanRole?

        init(_ kind: KindName, slot: Int) {
            self.slot = slot
            let exact = kind.roles.filter { !$0.value.hasPrefix("*") && !$0.value.isEmpty }
            values = ByteKeyTable(exact.map(\.value), ignoresCase: true)
            roles = exact.map(\.role)
            endings = kind.roles.compactMap { entry in
                entry.value.hasPrefix("*") ? (Array(entry.value.utf8.dropFirst()), entry.role) : nil
            }
            otherwise = kind.roles.first { $0.value.isEmpty }?.role
        }

        /// The role that a value names, also one in quotes; nil for a value that the dialect does not know.
        func role(_ text: UnsafeBufferPointer<UInt8>) -> SpanRole? {
            let text = text.unquoted
            if let number = values.number(of: text) { return roles[number] }
            let match = endings.first { entry in
                text.count >= entry.ending.count
                    && text.suffix(entry.ending.count).elementsEqual(entry.ending) { $0 | 0x20 == $1 | 0x20 }
            }
            return match?.role ?? otherwise
        }
    }

    /// An attribute that can mark the span.
    struct MarkCandidate: Sendable {
        let slot: Int
        fileprivate let mark: SpanMarks
        /// Nil when presence marks.
        fileprivate let values: ByteKeyTable?

        /// What the value marks.
        func marks(_ value: UnsafePointer<AnyValue>) -> SpanMarks {
            guard let values else { return mark }
            guard let text = value.text, values.number(of: text) != nil else { return [] }
            return mark
        }
    }

    /// The slot of each known key.
    let keys: ByteKeyTable
    /// The fields that each slot can give, as bits.
    let fieldsOfSlot: [UInt64]
    /// The candidates of all fields, those of one field together, best first.
    let candidates: [Candidate]
    /// Where the candidates of each field are, by its raw value.
    let ranges: [Range<Int>]
    /// The candidates of the role, best first.
    let kinds: [KindCandidate]
    /// The candidates of marks.
    let marks: [MarkCandidate]
    /// The attributes with objects, each with its slot.
    let objects: [(slot: Int, name: ObjectName)]
    /// The names of spans that say what they do.
    let spanNames: ByteKeyTable
    /// The roles of `spanNames`.
    let spanRoles: [SpanRole]

    /// The ends of names of spans that only prepare a call.
    let preparations: [[UInt8]]

    /// The dialects that the product knows.
    static let standard = DialectIndex(Dialect.all)

    init(_ dialects: [Dialect]) {
        var slots = SlotNumbers()
        var named: [(field: CanonicalField, tier: Tier, candidate: Candidate)] = []
        var kinds: [(tier: Tier, candidate: KindCandidate)] = []
        var marks: [MarkCandidate] = []
        var objects: [(slot: Int, name: ObjectName)] = []
        for dialect in dialects {
            for name in dialect.names {
                let candidate = Candidate(slot: slots.slot(of: name.key, for: name.field), form: name.form)
                named.append((name.field, name.tier ?? dialect.tier, candidate))
            }
            for kind in dialect.kinds {
                kinds.append((dialect.tier, KindCandidate(kind, slot: slots.slot(of: kind.key, for: .kind))))
            }
            for mark in dialect.marks {
                marks.append(MarkCandidate(mark, slot: slots.slot(of: "\(mark.key)", for: .mark)))
            }
            for name in dialect.objects {
                objects.append((slots.slot(of: "\(name.key)", for: .json), name))
            }
        }
        var candidates: [Candidate] = []
        var ranges: [Range<Int>] = []
        for field in CanonicalField.allCases {
            let first = candidates.count
            // The sort of the standard library is stable, so the order of the tables decides within a tier.
            candidates += named.filter { $0.field == field }.sorted { $0.tier < $1.tier }.map(\.candidate)
            ranges.append(first..<candidates.count)
        }
        keys = ByteKeyTable(slots.keys)
        fieldsOfSlot = slots.fields
        self.candidates = candidates
        self.ranges = ranges
        self.kinds = kinds.sorted { $0.tier < $1.tier }.map(\.candidate)
        self.marks = marks
        self.objects = objects
        let titles = dialects.flatMap { $0.spanNames.map { ($0.key, $0.value) } }
        spanNames = ByteKeyTable(titles.map { $0.0 })
        spanRoles = titles.map { $0.1 }
        preparations = dialects.flatMap(\.preparations).map { Array($0.utf8) }
    }
}

extension DialectIndex.MarkCandidate {
    fileprivate init(_ name: MarkName, slot: Int) {
        self.slot = slot
        mark = name.mark
        values = name.values.isEmpty ? nil : ByteKeyTable(name.values)
    }
}

/// Gives each key a slot while the index is built; several fields may read the same key.
private struct SlotNumbers {
    private(set) var keys: [String] = []
    private(set) var fields: [UInt64] = []
    private var slots: [String: Int] = [:]

    mutating func slot(of key: String, for field: CanonicalField) -> Int {
        let slot = slots[key] ?? keys.count
        if slot == keys.count {
            slots[key] = slot
            keys.append(key)
            fields.append(0)
        }
        fields[slot] |= field.bit
        return slot
    }
}
