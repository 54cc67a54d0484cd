// AnyValue+Reading.swift - looking into decoded attribute values.

import COTLP

/// A decoded OTLP `AnyValue`.
typealias AnyValue = Opentelemetry__Proto__Common__V1__AnyValue
/// A decoded OTLP `KeyValue`.
typealias KeyValue = Opentelemetry__Proto__Common__V1__KeyValue

/// The lengths at which text from spans is cut.
enum TextLimit {
    /// Bytes of names, models and identifiers.
    static let name = 256
    /// Bytes of an error class that was taken from a message.
    static let errorMessage = 128
    /// Bytes of a provider that the table does not know.
    static let provider = 64
    /// Bytes of one reason why a choice ended.
    static let finishReason = 64
    /// Reasons kept of one call.
    static let finishReasons = 64
    /// Bytes of all labels of one call.
    static let labels = 1024
}

extension AnyValue {
    /// The kind of value in the union.
    var kind: UInt32 { value_case.rawValue }

    static let stringKind = OPENTELEMETRY__PROTO__COMMON__V1__ANY_VALUE__VALUE_STRING_VALUE.rawValue
    static let boolKind = OPENTELEMETRY__PROTO__COMMON__V1__ANY_VALUE__VALUE_BOOL_VALUE.rawValue
    static let intKind = OPENTELEMETRY__PROTO__COMMON__V1__ANY_VALUE__VALUE_INT_VALUE.rawValue
    static let doubleKind = OPENTELEMETRY__PROTO__COMMON__V1__ANY_VALUE__VALUE_DOUBLE_VALUE.rawValue
    static let arrayKind = OPENTELEMETRY__PROTO__COMMON__V1__ANY_VALUE__VALUE_ARRAY_VALUE.rawValue
    static let listKind = OPENTELEMETRY__PROTO__COMMON__V1__ANY_VALUE__VALUE_KVLIST_VALUE.rawValue
    static let bytesKind = OPENTELEMETRY__PROTO__COMMON__V1__ANY_VALUE__VALUE_BYTES_VALUE.rawValue
    static let stringIndexKind = OPENTELEMETRY__PROTO__COMMON__V1__ANY_VALUE__VALUE_STRING_VALUE_STRINDEX.rawValue
}

extension UnsafePointer<AnyValue> {
    /// The bytes of a string that is not empty.
    var text: UnsafeBufferPointer<UInt8>? {
        guard pointee.kind == AnyValue.stringKind else { return nil }
        let bytes = pointee.string_value.bytes
        return bytes.isEmpty ? nil : bytes
    }

    /// The bytes of a string that is not empty; no bytes for a value of another kind.
    var anyText: UnsafeBufferPointer<UInt8>? {
        pointee.kind == AnyValue.stringKind ? text : UnsafeBufferPointer(start: nil, count: 0)
    }

    /// A truth value; also the texts `true` and `false` of any case.
    var truth: Bool? {
        if pointee.kind == AnyValue.boolKind { return pointee.bool_value != 0 }
        guard let text, text.count <= 5 else { return nil }
        switch String(decoding: text, as: UTF8.self).lowercased() {
        case "true": return true
        case "false": return false
        default: return nil
        }
    }
}

extension ProtobufCBinaryData {
    /// The bytes, empty when there are none.
    var bytes: UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(start: data, count: data == nil ? 0 : len)
    }

    /// Whether these are the bytes of `text`.
    func equals(_ text: StaticString) -> Bool {
        len == text.utf8CodeUnitCount && text.withUTF8Buffer { bytes.elementsEqual($0) }
    }
}

extension UnsafeBufferPointer<UInt8> {
    /// Without the quotes of a JSON string; anything else, and a string with escapes, as it is.
    var unquoted: UnsafeBufferPointer<UInt8> {
        guard count >= 2, first == UInt8(ascii: "\""), last == UInt8(ascii: "\"") else { return self }
        let inner = UnsafeBufferPointer(rebasing: self[1..<count - 1])
        return inner.contains(UInt8(ascii: "\\")) ? self : inner
    }
}

extension String {
    /// Reads UTF-8, cut to at most `limit` bytes without splitting a scalar.
    init(_ bytes: UnsafeBufferPointer<UInt8>, cutAt limit: Int) {
        guard bytes.count > limit else {
            self.init(decoding: bytes, as: UTF8.self)
            return
        }
        var end = limit
        while end > 0, bytes[end] & 0xC0 == 0x80 { end -= 1 }
        self.init(decoding: UnsafeBufferPointer(rebasing: bytes[..<end]), as: UTF8.self)
    }
}
