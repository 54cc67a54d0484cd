// ModelSpan.swift - spans as values, which can be encoded, and masked the simple way.

import TestSupport

/// A value of an attribute.
indirect enum ModelValue {
    case text(String), bytes([UInt8]), number(UInt64), real(UInt64), empty
    case list([ModelValue])
    case map([ModelAttribute])

    func write(_ writer: inout WireWriter) {
        switch self {
        case .text(let text): writer.string(1, text)
        case .bytes(let bytes): writer.sized(7, bytes)
        case .number(let number): writer.number(3, number)
        case .real(let bits): writer.fixed64(4, bits)
        case .empty: break
        case .list(let values):
            writer.message(5) { list in
                for value in values { list.message(1) { value.write(&$0) } }
            }
        case .map(let members):
            writer.message(6) { map in
                for member in members { map.message(1) { member.write(&$0) } }
            }
        }
    }

    var masked: ModelValue {
        switch self {
        case .text(let text): .text(ModelSpan.masked(text))
        case .bytes(let bytes): .bytes(Array(ModelSpan.masked(String(decoding: bytes, as: UTF8.self)).utf8))
        case .number, .real, .empty: self
        case .list(let values): .list(values.map(\.masked))
        case .map(let members): .map(members.compactMap(\.masked))
        }
    }

    static func random(depth: Int, _ random: inout SeededRandom) -> ModelValue {
        switch random.below(depth == 0 ? 5 : 7) {
        case 0, 1: .text(ModelSpan.text(&random))
        case 2: .bytes(Array(ModelSpan.text(&random).utf8))
        case 3: .number(UInt64(random.below(1 << 30)))
        case 4: random.below(2) == 0 ? .empty : .real(UInt64(random.below(1 << 30)))
        case 5: .list((0..<random.below(4)).map { _ in ModelValue.random(depth: depth - 1, &random) })
        default: .map((0..<random.below(4)).map { _ in ModelAttribute.random(depth: depth - 1, &random) })
        }
    }
}

/// An attribute, or a member of a map.
struct ModelAttribute {
    var key: String
    var value: ModelValue

    func write(_ writer: inout WireWriter) {
        writer.string(1, key)
        writer.message(2) { value.write(&$0) }
    }

    var masked: ModelAttribute? {
        switch key {
        case "gone": nil
        case "void": ModelAttribute(key: key, value: .empty)
        case "named": ModelAttribute(key: key, value: .text("[named]"))
        default: ModelAttribute(key: key, value: value.masked)
        }
    }

    static func random(depth: Int, _ random: inout SeededRandom) -> ModelAttribute {
        ModelAttribute(
            key: random.one(of: ["a", "b.c", "gone", "void", "named", "key", "long.key.of.an.attribute"]),
            value: .random(depth: depth, &random)
        )
    }
}

/// The fields of a span in any order.
struct ModelSpan {
    enum Field {
        case name(String), state(String), status(String), attribute(ModelAttribute), unknown(UInt64, [UInt8])
        case time(UInt64)
        case event(String, [ModelAttribute]), link([ModelAttribute])
    }

    var fields: [Field]

    var bytes: [UInt8] {
        WireWriter { span in
            for field in fields { Self.write(field, &span) }
        }.bytes
    }

    var masked: ModelSpan {
        ModelSpan(
            fields: fields.compactMap { field in
                switch field {
                case .name(let text): .name(Self.masked(text))
                case .state(let text): .state(Self.masked(text))
                case .status(let text): text == "secret drop" ? .status("") : .status(Self.masked(text))
                case .attribute(let attribute): attribute.masked.map(Field.attribute)
                case .event(let name, let attributes): .event(Self.masked(name), attributes.compactMap(\.masked))
                case .link(let attributes): .link(attributes.compactMap(\.masked))
                case .unknown, .time: field
                }
            }
        )
    }

    static func masked(_ text: String) -> String {
        text.contains("secret") ? "[masked]" : text
    }

    static func text(_ random: inout SeededRandom) -> String {
        let word = random.one(of: ["secret", "plain", "", "é", "x"])
        return String(repeating: word, count: random.one(of: [1, 1, 1, 3, 40]))
    }

    static func random(_ random: inout SeededRandom) -> ModelSpan {
        let fields = (0..<random.below(8)).map { _ -> Field in
            switch random.below(9) {
            case 0: .name(text(&random))
            case 1: .state(text(&random))
            case 2: .status(random.one(of: ["secret", "secret drop", "fine", ""]))
            case 3: .unknown(UInt64(20 + random.below(3000)), Array(text(&random).utf8))
            case 4: .time(UInt64(random.below(1 << 30)))
            case 5: .event(text(&random), (0..<random.below(3)).map { _ in .random(depth: 2, &random) })
            case 6: .link((0..<random.below(3)).map { _ in .random(depth: 2, &random) })
            default: .attribute(.random(depth: 4, &random))
            }
        }
        return ModelSpan(fields: fields)
    }

    private static func write(_ field: Field, _ span: inout WireWriter) {
        switch field {
        case .name(let text): span.string(5, text)
        case .state(let text): span.string(3, text)
        // Without a text the field is left out.
        case .status(let text):
            span.message(15) { status in
                if !text.isEmpty { status.string(2, text) }
                status.number(3, 2)
            }
        case .attribute(let attribute): span.message(9) { attribute.write(&$0) }
        case .unknown(let number, let bytes): span.sized(number, bytes)
        case .time(let time): span.fixed64(7, time)
        case .event(let name, let attributes):
            span.message(11) { event in
                event.string(2, name)
                for attribute in attributes { event.message(3) { attribute.write(&$0) } }
            }
        case .link(let attributes):
            span.message(13) { link in
                link.number(99, 1)
                for attribute in attributes { link.message(4) { attribute.write(&$0) } }
            }
        }
    }
}
