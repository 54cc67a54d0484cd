// JSONBalance.swift - where a JSON value ends.

/// Follows the braces and brackets of JSON text, past its strings.
///
/// Says where a value ends, not whether it is right.
struct JSONBalance {
    /// How many braces and brackets are open.
    private(set) var depth = 0
    private var isString = false
    private var isEscaped = false

    /// Takes a byte in; true when it closes the outermost brace or bracket.
    mutating func add(_ byte: UInt8) -> Bool {
        if isString {
            if isEscaped {
                isEscaped = false
            } else if byte == UInt8(ascii: "\\") {
                isEscaped = true
            } else if byte == UInt8(ascii: "\"") {
                isString = false
            }
            return false
        }
        switch byte {
        case UInt8(ascii: "\""): isString = true
        case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
        case UInt8(ascii: "}"), UInt8(ascii: "]"):
            depth -= 1
            return depth <= 0
        default: break
        }
        return false
    }

    /// Whether nothing is open.
    var isBalanced: Bool { depth <= 0 && !isString }
}
