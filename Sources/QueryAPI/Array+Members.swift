// Array+Members.swift - lists and members of answers, appended to bytes.

import OTLPCodec

extension [UInt8] {
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
