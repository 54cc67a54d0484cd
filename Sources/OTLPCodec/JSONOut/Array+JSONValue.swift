// Array+JSONValue.swift - JSON that was inside attributes, appended to bytes.

public import TraceModel

extension [UInt8] {
    /// Appends a value; calls itself once per level, which its reader has bounded.
    public mutating func appendJSON(_ value: JSONValue) {
        switch value {
        case .null: append(raw: "null")
        case .bool(let truth): appendJSON(truth)
        case .number(let digits): append(contentsOf: digits.utf8)
        case .string(let text): appendJSON(text)
        case .array(let elements):
            append(UInt8(ascii: "["))
            for (place, element) in elements.enumerated() {
                if place > 0 { append(UInt8(ascii: ",")) }
                appendJSON(element)
            }
            append(UInt8(ascii: "]"))
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
}
