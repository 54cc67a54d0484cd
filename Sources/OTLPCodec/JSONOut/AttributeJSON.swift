// AttributeJSON.swift - attributes as one JSON object of plain values.

public import COTLP

/// Attributes as one JSON object of plain values, for people and queries; not lossless, see `OTLPJSON`.
///
/// An int64 is an exact number, NaN and the infinities are strings, bytes are base64, an empty value is null. Of
/// duplicate keys the last wins, at every level. Keys that refer to the string table of profiles are left out.
public enum AttributeJSON {
    /// The most attributes that are written when values are cut.
    public static let mostWhenCutting = 128
    /// Keys that are named as cut or left out at most.
    private static let mostNamed = 1024

    /// Appends attributes as one JSON object.
    ///
    /// - Parameters:
    ///   - attributes: As decoded; their values nest at most as deep as the scanner allows, 64 levels.
    ///   - count: How many there are.
    ///   - limit: Longest value in bytes; nil cuts nothing. A longer string is cut at a character, a nested value whose
    ///     JSON is longer becomes a string that holds the first bytes of it, and an attribute whose key is longer is
    ///     left out. At most `mostWhenCutting` attributes are written then.
    ///   - json: Where to append.
    /// - Returns: The keys that were cut, or their first bytes where the key itself is too long.
    @discardableResult
    public static func append(
        _ attributes: UnsafeMutablePointer<UnsafeMutablePointer<OTLPKeyValue>?>?,
        count: Int,
        cuttingAt limit: Int?,
        to json: inout [UInt8]
    ) -> [String] {
        var cut: [String] = []
        var written = 0
        json.append(UInt8(ascii: "{"))
        for attribute in KeyedValues(attributes, count: count) {
            let key = UnsafeRawBufferPointer(attribute.pointee.key)
            if let limit, key.count > limit || written == mostWhenCutting {
                if cut.count < mostNamed { cut.append(key.prefixText(of: limit)) }
                continue
            }
            if written > 0 { json.append(UInt8(ascii: ",")) }
            json.appendJSON(text: key)
            json.append(UInt8(ascii: ":"))
            if append(attribute.pointee.value, cuttingAt: limit, to: &json) {
                cut.append(key.prefixText(of: key.count))
            }
            written += 1
        }
        json.append(UInt8(ascii: "}"))
        return cut
    }

    /// Appends one value.
    ///
    /// - Returns: Whether it was cut.
    private static func append(
        _ value: UnsafePointer<OTLPAnyValue>?,
        cuttingAt limit: Int?,
        to json: inout [UInt8]
    ) -> Bool {
        guard let limit, let value else {
            append(value, to: &json, until: .max)
            return false
        }
        switch value.pointee.value_case {
        case OPENTELEMETRY__PROTO__COMMON__V1__ANY_VALUE__VALUE_STRING_VALUE:
            let text = UnsafeRawBufferPointer(value.pointee.string_value)
            json.appendJSON(text: text.cut(at: limit))
            return text.count > limit
        case OPENTELEMETRY__PROTO__COMMON__V1__ANY_VALUE__VALUE_BYTES_VALUE:
            // Whole groups of three bytes, so that what is left is base64 of a prefix.
            let bytes = UnsafeRawBufferPointer(value.pointee.bytes_value)
            let fits = (bytes.count + 2) / 3 * 4 <= limit
            json.appendJSON(base64: fits ? bytes : UnsafeRawBufferPointer(rebasing: bytes[..<(limit / 4 * 3)]))
            return !fits
        default:
            return appendNested(value, cuttingAt: limit, to: &json)
        }
    }

    private static func appendNested(
        _ value: UnsafePointer<OTLPAnyValue>,
        cuttingAt limit: Int,
        to json: inout [UInt8]
    ) -> Bool {
        let start = json.count
        append(value, to: &json, until: start + limit)
        guard json.count - start > limit else { return false }
        let text = Array(json[start...])
        json.removeSubrange(start...)
        text.withUnsafeBytes { json.appendJSON(text: $0.cut(at: limit)) }
        return true
    }

    /// Appends a whole value, or the beginning of one that passes `stop`; deep as the value is, at most 64 levels.
    private static func append(_ value: UnsafePointer<OTLPAnyValue>?, to json: inout [UInt8], until stop: Int) {
        guard let value else { return json.append(raw: "null") }
        switch value.pointee.value_case {
        case OPENTELEMETRY__PROTO__COMMON__V1__ANY_VALUE__VALUE_STRING_VALUE:
            json.appendJSON(text: UnsafeRawBufferPointer(value.pointee.string_value))
        case OPENTELEMETRY__PROTO__COMMON__V1__ANY_VALUE__VALUE_BOOL_VALUE:
            json.appendJSON(value.pointee.bool_value != 0)
        case OPENTELEMETRY__PROTO__COMMON__V1__ANY_VALUE__VALUE_INT_VALUE:
            json.appendJSON(value.pointee.int_value)
        case OPENTELEMETRY__PROTO__COMMON__V1__ANY_VALUE__VALUE_DOUBLE_VALUE:
            json.appendJSON(value.pointee.double_value)
        case OPENTELEMETRY__PROTO__COMMON__V1__ANY_VALUE__VALUE_BYTES_VALUE:
            json.appendJSON(base64: UnsafeRawBufferPointer(value.pointee.bytes_value))
        case OPENTELEMETRY__PROTO__COMMON__V1__ANY_VALUE__VALUE_ARRAY_VALUE:
            append(elementsOf: value.pointee.array_value, to: &json, until: stop)
        case OPENTELEMETRY__PROTO__COMMON__V1__ANY_VALUE__VALUE_KVLIST_VALUE:
            append(membersOf: value.pointee.kvlist_value, to: &json, until: stop)
        default:
            json.append(raw: "null")
        }
    }

    private static func append(
        elementsOf list: UnsafePointer<Opentelemetry__Proto__Common__V1__ArrayValue>?,
        to json: inout [UInt8],
        until stop: Int
    ) {
        json.append(UInt8(ascii: "["))
        for index in 0..<(list?.pointee.n_values ?? 0) where json.count <= stop {
            if index > 0 { json.append(UInt8(ascii: ",")) }
            append(list?.pointee.values[index], to: &json, until: stop)
        }
        json.append(UInt8(ascii: "]"))
    }

    private static func append(
        membersOf list: UnsafePointer<Opentelemetry__Proto__Common__V1__KeyValueList>?,
        to json: inout [UInt8],
        until stop: Int
    ) {
        json.append(UInt8(ascii: "{"))
        var isFirst = true
        for member in KeyedValues(list?.pointee.values, count: list?.pointee.n_values ?? 0) where json.count <= stop {
            if !isFirst { json.append(UInt8(ascii: ",")) }
            isFirst = false
            json.appendJSON(text: UnsafeRawBufferPointer(member.pointee.key))
            json.append(UInt8(ascii: ":"))
            append(member.pointee.value, to: &json, until: stop)
        }
        json.append(UInt8(ascii: "}"))
    }
}
