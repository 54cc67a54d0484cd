// ObjectFields.swift - fields that stand inside the objects of attributes.

import TraceModel

/// What the objects of a span's attributes say, those that count before attributes apart from the others.
struct ObjectFields {
    /// What one standing says.
    struct Side {
        var usage: StatedUsage?
        var cost: PicoUSD?
        var texts: [(field: CanonicalField, text: String)] = []
        var counts: [(field: CanonicalField, count: Int64)] = []

        /// Fills counts that the usage of a span lacks.
        func complete(_ stated: inout StatedUsage) {
            func fill(_ part: WritableKeyPath<TokenUsage, Int64?>, _ field: CanonicalField) {
                guard stated.usage[keyPath: part] == nil else { return }
                stated.usage[keyPath: part] = counts.first { $0.field == field }?.count
            }
            fill(\.cacheRead, .cacheReadTokens)
            fill(\.cacheWrite, .cacheWriteTokens)
            fill(\.cacheWriteOneHour, .cacheWriteOneHourTokens)
            fill(\.reasoning, .reasoningTokens)
            // LangChain writes 0 for all where it has what lives for five minutes and for an hour.
            let short = counts.first { $0.field == .cacheWriteFiveMinuteTokens }?.count ?? 0
            let written = short.addingWithoutOverflow(stated.usage.cacheWriteOneHour ?? 0)
            if stated.usage.cacheWrite == 0, written > 0 { stated.usage.cacheWrite = written }
        }

        /// The text of a field, if there is one.
        func text(_ field: CanonicalField) -> String? {
            texts.first { $0.field == field }?.text
        }

        fileprivate mutating func read(_ name: ObjectName, _ value: JSONValue) {
            guard !name.isAnswer else { return take(AnswerFacts(value)) }
            if usage == nil, let path = name.usage, let object = value.value(at: path[...]) {
                usage = UsageShape.read(object)
            }
            if cost == nil, let form = name.cost { cost = value.cost(form) }
            for member in name.counts {
                if let count = value.value(at: member.path[...])?.count { counts.append((member.field, count)) }
            }
            for member in name.texts {
                guard let text = value.value(at: member.path[...])?.string, !text.isEmpty else { continue }
                var copy = text
                texts.append((member.field, copy.withUTF8 { String($0, cutAt: TextLimit.name) }))
            }
        }

        private mutating func take(_ facts: AnswerFacts) {
            usage = usage ?? facts.usage
            cost = cost ?? facts.cost
            counts += facts.counts
            if let id = facts.id { texts.append((.responseID, id)) }
            if let tier = facts.tier { texts.append((.serviceTier, tier)) }
        }
    }

    /// What counts before attributes.
    private(set) var first = Side()
    /// What counts where no attribute does.
    private(set) var last = Side()

    init() {}

    /// Reads objects.
    ///
    /// - Parameter objects: The objects that count, in the order of the dialects.
    init(_ objects: [(name: ObjectName, value: JSONValue)]) {
        for (name, value) in objects {
            switch name.standing {
            case .first: first.read(name, value)
            case .last, .lastOnCalls: last.read(name, value)
            }
        }
    }
}

extension JSONValue {
    fileprivate func cost(_ form: ObjectName.Cost) -> PicoUSD? {
        switch form {
        case .member(let name): return self[name]?.cost
        case .totalOrParts:
            if let total = self["total"]?.cost { return total }
            let parts = (object ?? []).compactMap(\.value.cost)
            guard !parts.isEmpty else { return nil }
            return parts.reduce(PicoUSD(0), +)
        }
    }
}
