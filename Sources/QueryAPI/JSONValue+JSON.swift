// JSONValue+JSON.swift - JSON that was inside attributes, appended to bytes.

import GenAISemantics
import OTLPCodec

extension [UInt8] {
    /// Appends a value; calls itself once per level, which its reader has bounded.
    mutating func appendJSON(_ value: JSONValue) {
        switch value {
        case .null: append(raw: "null")
        case .bool(let truth): appendJSON(truth)
        case .number(let digits): append(contentsOf: digits.utf8)
        case .string(let text): appendJSON(text)
        case .array(let elements): append(list: elements) { $1.appendJSON($0) }
        case .object(let members):
            append(UInt8(ascii: "{"))
            for (place, member) in members.enumerated() {
                if place > 0 { append(UInt8(ascii: ",")) }
                appendJSON(member.name)
                append(UInt8(ascii: ":"))
                appendJSON(member.value)
            }
            append(UInt8(ascii: "}"))
        }
    }

    /// Appends a list of anything.
    mutating func append<Item>(list items: [Item], _ append: (Item, inout [UInt8]) -> Void) {
        self.append(UInt8(ascii: "["))
        for (place, item) in items.enumerated() {
            if place > 0 { self.append(UInt8(ascii: ",")) }
            append(item, &self)
        }
        self.append(UInt8(ascii: "]"))
    }

    /// Appends a member with a comma before it.
    mutating func append(member name: StaticString, _ value: (inout [UInt8]) -> Void) {
        append(raw: ",\"")
        append(raw: name)
        append(raw: "\":")
        value(&self)
    }

    /// Appends a member that is text, with a comma before it; nothing for nil.
    mutating func append(text: String?, as name: StaticString) {
        guard let text else { return }
        append(member: name) { $0.appendJSON(text) }
    }
}
