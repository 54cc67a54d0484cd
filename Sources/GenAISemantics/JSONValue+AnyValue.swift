// JSONValue+AnyValue.swift - nested attribute values as the JSON they stand for.

import COTLP
import TraceModel

extension JSONValue {
    /// Reads a nested value: whole numbers keep every digit, bytes become base64, an empty value is null.
    ///
    /// Calls itself once per level: stored values nest at most 64 deep, what is deeper becomes null.
    init(_ value: UnsafePointer<AnyValue>?, depth: Int = 0) {
        self = .null
        guard let value, depth <= JSONLimit.depth else { return }
        switch value.pointee.kind {
        case AnyValue.stringKind: self = .string(String(decoding: value.pointee.string_value.bytes, as: UTF8.self))
        case AnyValue.boolKind: self = .bool(value.pointee.bool_value != 0)
        case AnyValue.intKind: self = .number(String(value.pointee.int_value))
        case AnyValue.doubleKind: self = Self.real(value.pointee.double_value)
        case AnyValue.bytesKind: self = .string(Base64.text(of: value.pointee.bytes_value.bytes))
        case AnyValue.arrayKind:
            guard let list = value.pointee.array_value?.pointee else { return }
            let elements = UnsafeBufferPointer(start: list.values, count: list.values == nil ? 0 : list.n_values)
            self = .array(elements.map { JSONValue($0.map { UnsafePointer($0) }, depth: depth + 1) })
        case AnyValue.listKind:
            guard let list = value.pointee.kvlist_value?.pointee else { return }
            let entries = UnsafeBufferPointer(start: list.values, count: list.values == nil ? 0 : list.n_values)
            self = .object(
                entries.compactMap { entry in
                    guard let entry = entry?.pointee else { return nil }
                    let name = String(decoding: entry.key.bytes, as: UTF8.self)
                    return JSONMember(name, JSONValue(entry.value.map { UnsafePointer($0) }, depth: depth + 1))
                }
            )
        default: break
        }
    }

    /// The shortest decimal that reads back as the same double; NaN and the infinities as the text that JSON has them.
    private static func real(_ number: Double) -> JSONValue {
        if number.isFinite { return .number("\(number)") }
        if number.isNaN { return .string("NaN") }
        return .string(number > 0 ? "Infinity" : "-Infinity")
    }
}

/// Bytes as text (RFC 4648, section 4).
enum Base64 {
    private static let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    static func text(of bytes: UnsafeBufferPointer<UInt8>) -> String {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count + 2) / 3 * 4)
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            var bits = group.reduce(UInt32(0)) { $0 << 8 | UInt32($1) } << UInt32(8 * (3 - group.count))
            bits <<= 8
            for place in 0..<4 {
                text.append(place <= group.count ? digits[Int(bits >> 26)] : UInt8(ascii: "="))
                bits <<= 6
            }
        }
        return String(decoding: text, as: UTF8.self)
    }
}
