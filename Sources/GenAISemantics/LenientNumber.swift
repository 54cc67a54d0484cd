// LenientNumber.swift - numbers, however they were written.

import COTLP
import TraceModel

/// A number in an attribute: an int, a double, a decimal text, or one of these in `{"intValue":12}`
/// (attribute dictionary, section 5).
enum LenientNumber {
    case integer(Int64)
    case double(Double)
    /// Digits, at most one sign, point and exponent; at most 64 bytes. Not checked further.
    case decimal(UnsafeBufferPointer<UInt8>)

    /// Reads a value; nil when it is no number.
    init?(_ value: UnsafePointer<AnyValue>) {
        switch value.pointee.kind {
        case AnyValue.intKind: self = .integer(value.pointee.int_value)
        case AnyValue.doubleKind: self = .double(value.pointee.double_value)
        case AnyValue.stringKind: self.init(text: value.pointee.string_value.bytes)
        case AnyValue.listKind: self.init(wrapped: value)
        default: return nil
        }
    }

    /// Reads `{"intValue":12}` as a nested value.
    private init?(wrapped value: UnsafePointer<AnyValue>) {
        guard let list = value.pointee.kvlist_value, list.pointee.n_values == 1,
            let entry = list.pointee.values?[0], let inner = entry.pointee.value,
            NumberText.wrappers.number(of: entry.pointee.key.bytes) != nil,
            inner.pointee.kind != AnyValue.listKind
        else { return nil }
        self.init(UnsafePointer(inner))
    }

    private init?(text: UnsafeBufferPointer<UInt8>) {
        guard let number = NumberText.number(in: text) else { return nil }
        self = .decimal(number)
    }

    /// The number as a count: whole, not negative, below 2^63.
    var count: Int64? {
        switch self {
        case .integer(let value):
            return value >= 0 ? value : nil
        case .double(let value):
            return Self.count(value)
        case .decimal(let text):
            let text = String(decoding: text, as: UTF8.self)
            if let value = Int64(text) { return value >= 0 ? value : nil }
            return Double(text).flatMap(Self.count)
        }
    }

    /// The number as an amount of USD, not negative; read decimally, never by way of a rounded double.
    var cost: PicoUSD? {
        let amount =
            switch self {
            case .integer(let value): PicoUSD(decimal: String(value))
            case .double(let value): PicoUSD(usd: value)
            case .decimal(let text): PicoUSD(decimal: String(decoding: text, as: UTF8.self))
            }
        guard let amount, amount.value >= 0 else { return nil }
        return amount
    }

    /// The number as a duration, not negative, in whole nanoseconds.
    ///
    /// - Parameter perUnit: Nanoseconds per unit of the number.
    /// - Returns: Nil for what is negative, no number, or longer than 2^63 nanoseconds.
    func nanoseconds(perUnit: Double) -> Int64? {
        let value =
            switch self {
            case .integer(let value): Double(value)
            case .double(let value): value
            case .decimal(let text): Double(String(decoding: text, as: UTF8.self)) ?? .nan
            }
        return Self.count((value * perUnit).rounded())
    }

    private static func count(_ value: Double) -> Int64? {
        // 2^63 itself does not fit; NaN fails every comparison.
        guard value >= 0, value < 0x1p63, value == value.rounded(.towardZero) else { return nil }
        return Int64(value)
    }
}

/// Finds the number in a text.
enum NumberText {
    /// The names under which the JSON form of OTLP wraps a number.
    static let wrappers = ByteKeyTable(["intValue", "doubleValue", "stringValue"])

    /// The bytes of the number in `12`, ` 12 `, `"12"`, `{"intValue":12}` or `{"intValue":"12"}`; nil for other texts.
    static func number(in text: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8>? {
        var rest = text[...]
        trim(&rest)
        if rest.first == UInt8(ascii: "{") {
            guard unwrap(&rest) else { return nil }
        }
        if rest.count >= 2, rest.first == UInt8(ascii: "\""), rest.last == UInt8(ascii: "\"") {
            rest = rest.dropFirst().dropLast()
            trim(&rest)
        }
        // Hexadecimal, `inf` and `nan`, which the standard library would read, have other letters.
        guard !rest.isEmpty, rest.count <= 64, rest.allSatisfy(isNumeric) else { return nil }
        return UnsafeBufferPointer(rebasing: rest)
    }

    /// Takes the value out of an object with one member of a known name.
    private static func unwrap(_ rest: inout Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
        guard rest.last == UInt8(ascii: "}") else { return false }
        rest = rest.dropFirst().dropLast()
        trim(&rest)
        guard rest.popFirst() == UInt8(ascii: "\""), let end = rest.firstIndex(of: UInt8(ascii: "\"")) else {
            return false
        }
        guard wrappers.number(of: UnsafeBufferPointer(rebasing: rest[..<end])) != nil else { return false }
        rest = rest[rest.index(after: end)...]
        trim(&rest)
        guard rest.popFirst() == UInt8(ascii: ":") else { return false }
        trim(&rest)
        return true
    }

    private static func trim(_ rest: inout Slice<UnsafeBufferPointer<UInt8>>) {
        while let byte = rest.first, isSpace(byte) { rest.removeFirst() }
        while let byte = rest.last, isSpace(byte) { rest.removeLast() }
    }

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || (byte >= 0x09 && byte <= 0x0D)
    }

    private static func isNumeric(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "+"),
            UInt8(ascii: "e"), UInt8(ascii: "E"):
            true
        default: false
        }
    }
}
