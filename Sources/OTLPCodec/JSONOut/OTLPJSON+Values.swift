// OTLPJSON+Values.swift - attributes, values and entities in OTLP/JSON.

import COTLP

extension OTLPJSON {
    /// Appends a list of `KeyValue` objects under a name, or nothing for an empty list.
    static func appendAttributes(
        _ attributes: UnsafeMutablePointer<UnsafeMutablePointer<OTLPKeyValue>?>?,
        count: Int,
        as name: StaticString,
        to json: inout [UInt8]
    ) {
        guard let attributes, count > 0 else { return }
        json.append(raw: name)
        json.append(raw: "[")
        for index in 0..<count {
            guard let attribute = attributes[index]?.pointee else { continue }
            json.append(raw: index > 0 ? ",{" : "{")
            json.append(raw: "\"key\":")
            json.appendJSON(text: UnsafeRawBufferPointer(attribute.key))
            if let value = attribute.value {
                json.append(raw: ",\"value\":")
                append(value, to: &json)
            }
            if attribute.key_strindex != 0 {
                json.append(raw: ",\"keyStrindex\":")
                json.appendJSON(attribute.key_strindex)
            }
            json.append(raw: "}")
        }
        json.append(raw: "]")
    }

    /// Appends one `AnyValue` object; deep as the value is, at most 64 levels.
    ///
    /// A member of the oneof is written even at its default, since its presence is what it says.
    static func append(_ value: UnsafePointer<OTLPAnyValue>, to json: inout [UInt8]) {
        json.append(raw: "{")
        switch value.pointee.value_case {
        case OPENTELEMETRY__PROTO__COMMON__V1__ANY_VALUE__VALUE_STRING_VALUE:
            json.append(raw: "\"stringValue\":")
            json.appendJSON(text: UnsafeRawBufferPointer(value.pointee.string_value))
        case OPENTELEMETRY__PROTO__COMMON__V1__ANY_VALUE__VALUE_BOOL_VALUE:
            json.append(raw: "\"boolValue\":")
            json.appendJSON(value.pointee.bool_value != 0)
        case OPENTELEMETRY__PROTO__COMMON__V1__ANY_VALUE__VALUE_INT_VALUE:
            json.append(raw: "\"intValue\":\"")
            json.appendJSON(value.pointee.int_value)
            json.append(raw: "\"")
        case OPENTELEMETRY__PROTO__COMMON__V1__ANY_VALUE__VALUE_DOUBLE_VALUE:
            json.append(raw: "\"doubleValue\":")
            json.appendJSON(value.pointee.double_value)
        case OPENTELEMETRY__PROTO__COMMON__V1__ANY_VALUE__VALUE_BYTES_VALUE:
            json.append(raw: "\"bytesValue\":")
            json.appendJSON(base64: UnsafeRawBufferPointer(value.pointee.bytes_value))
        case OPENTELEMETRY__PROTO__COMMON__V1__ANY_VALUE__VALUE_ARRAY_VALUE:
            json.append(raw: "\"arrayValue\":{")
            appendValues(of: value.pointee.array_value, to: &json)
            json.append(raw: "}")
        case OPENTELEMETRY__PROTO__COMMON__V1__ANY_VALUE__VALUE_KVLIST_VALUE:
            json.append(raw: "\"kvlistValue\":{")
            let list = value.pointee.kvlist_value
            appendAttributes(list?.pointee.values, count: list?.pointee.n_values ?? 0, as: "\"values\":", to: &json)
            json.append(raw: "}")
        case OPENTELEMETRY__PROTO__COMMON__V1__ANY_VALUE__VALUE_STRING_VALUE_STRINDEX:
            json.append(raw: "\"stringValueStrindex\":")
            json.appendJSON(value.pointee.string_value_strindex)
        default:
            break
        }
        json.append(raw: "}")
    }

    private static func appendValues(
        of list: UnsafePointer<Opentelemetry__Proto__Common__V1__ArrayValue>?,
        to json: inout [UInt8]
    ) {
        guard let list, list.pointee.n_values > 0 else { return }
        json.append(raw: "\"values\":[")
        for index in 0..<list.pointee.n_values {
            guard let value = list.pointee.values[index] else { continue }
            if index > 0 { json.append(UInt8(ascii: ",")) }
            append(value, to: &json)
        }
        json.append(raw: "]")
    }

    /// Appends the references of a resource to entities, or nothing when there are none.
    static func appendEntities(
        _ entities: UnsafeMutablePointer<UnsafeMutablePointer<Opentelemetry__Proto__Common__V1__EntityRef>?>?,
        count: Int,
        to json: inout [UInt8]
    ) {
        guard let entities, count > 0 else { return }
        json.append(raw: ",\"entityRefs\":[")
        for index in 0..<count {
            guard let entity = entities[index]?.pointee else { continue }
            json.append(raw: index > 0 ? ",{" : "{")
            let start = json.count
            appendText(entity.schema_url, as: ",\"schemaUrl\":", to: &json)
            appendText(entity.type, as: ",\"type\":", to: &json)
            appendKeys(entity.id_keys, count: entity.n_id_keys, as: ",\"idKeys\":[", to: &json)
            appendKeys(
                entity.description_keys,
                count: entity.n_description_keys,
                as: ",\"descriptionKeys\":[",
                to: &json
            )
            closeObject(from: start, in: &json)
        }
        json.append(raw: "]")
    }

    private static func appendKeys(
        _ keys: UnsafeMutablePointer<ProtobufCBinaryData>?,
        count: Int,
        as name: StaticString,
        to json: inout [UInt8]
    ) {
        guard let keys, count > 0 else { return }
        json.append(raw: name)
        for index in 0..<count {
            if index > 0 { json.append(UInt8(ascii: ",")) }
            json.appendJSON(text: UnsafeRawBufferPointer(keys[index]))
        }
        json.append(raw: "]")
    }

    /// Appends a string under a name, or nothing for an empty one.
    static func appendText(_ text: ProtobufCBinaryData, as name: StaticString, to json: inout [UInt8]) {
        guard text.len > 0 else { return }
        json.append(raw: name)
        json.appendJSON(text: UnsafeRawBufferPointer(text))
    }

    /// Appends a number under a name, or nothing for 0.
    static func appendCount(_ count: UInt32, as name: StaticString, to json: inout [UInt8]) {
        guard count > 0 else { return }
        json.append(raw: name)
        json.appendJSON(count)
    }

    /// Ends an object whose members all begin with a comma: takes the first comma away.
    static func closeObject(from start: Int, in json: inout [UInt8]) {
        if start < json.count { json.remove(at: start) }
        json.append(raw: "}")
    }
}
