// CanonicalJSON.swift - one text for each JSON value, whoever wrote it.

import TraceModel

/// JSON without space, members in the order of their names' bytes, of duplicates the last one.
///
/// Strings escape quotes, backslashes and control characters alone (`\u00XX`); numbers stay as they were written.
struct CanonicalJSON {
    private(set) var bytes: [UInt8] = []

    mutating func raw(_ text: StaticString) {
        text.withUTF8Buffer { bytes.append(contentsOf: $0) }
    }

    mutating func string(_ text: String) {
        var text = text
        bytes.append(UInt8(ascii: "\""))
        text.withUTF8 { utf8 in
            bytes.reserveCapacity(bytes.count + utf8.count + 64)
            var start = 0
            for place in 0..<utf8.count {
                let byte = utf8[place]
                guard byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") else { continue }
                bytes.append(contentsOf: utf8[start..<place])
                escape(byte)
                start = place + 1
            }
            bytes.append(contentsOf: utf8[start...])
        }
        bytes.append(UInt8(ascii: "\""))
    }

    /// Calls itself once per level; values nest as deep as `JSONLimit` allows.
    mutating func value(_ value: JSONValue) {
        switch value {
        case .null: raw("null")
        case .bool(let truth): raw(truth ? "true" : "false")
        case .number(let digits): bytes.append(contentsOf: digits.utf8)
        case .string(let text): string(text)
        case .array(let elements): list(elements) { $0.value($1) }
        case .object(let members):
            var last: [String: JSONValue] = [:]
            for member in members { last[member.name] = member.value }
            let sorted = last.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
            raw("{")
            for (place, member) in sorted.enumerated() {
                if place > 0 { raw(",") }
                string(member.key)
                raw(":")
                self.value(member.value)
            }
            raw("}")
        }
    }

    mutating func list<Element>(_ elements: [Element], _ write: (inout CanonicalJSON, Element) -> Void) {
        raw("[")
        for (place, element) in elements.enumerated() {
            if place > 0 { raw(",") }
            write(&self, element)
        }
        raw("]")
    }

    private mutating func escape(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"):
            bytes.append(UInt8(ascii: "\\"))
            bytes.append(byte)
        case 0..<0x20:
            raw("\\u00")
            bytes.append(UInt8(ascii: "0") + byte >> 4)
            bytes.append(Self.digits[Int(byte & 15)])
        default:
            bytes.append(byte)
        }
    }

    private static let digits = Array("0123456789abcdef".utf8)
}
