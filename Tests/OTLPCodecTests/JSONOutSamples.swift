// JSONOutSamples.swift - protobuf messages written by hand, for the tests of the JSON that comes out.

import COTLP
import Foundation
import OTLPCodec
import Testing
import TraceModel

/// An encoded protobuf message, field by field.
struct JSONOutWire {
    var bytes: [UInt8] = []

    func varint(_ field: Int, _ value: UInt64) -> JSONOutWire {
        var copy = self
        copy.append(varint: UInt64(field) << 3)
        copy.append(varint: value)
        return copy
    }

    func fixed64(_ field: Int, _ value: UInt64) -> JSONOutWire {
        var copy = self
        copy.append(varint: UInt64(field) << 3 | 1)
        withUnsafeBytes(of: value.littleEndian) { copy.bytes.append(contentsOf: $0) }
        return copy
    }

    func fixed32(_ field: Int, _ value: UInt32) -> JSONOutWire {
        var copy = self
        copy.append(varint: UInt64(field) << 3 | 5)
        withUnsafeBytes(of: value.littleEndian) { copy.bytes.append(contentsOf: $0) }
        return copy
    }

    func data(_ field: Int, _ value: [UInt8]) -> JSONOutWire {
        var copy = self
        copy.append(varint: UInt64(field) << 3 | 2)
        copy.append(varint: UInt64(value.count))
        copy.bytes.append(contentsOf: value)
        return copy
    }

    func text(_ field: Int, _ value: String) -> JSONOutWire {
        data(field, Array(value.utf8))
    }

    func message(_ field: Int, _ value: JSONOutWire) -> JSONOutWire {
        data(field, value.bytes)
    }

    func messages(_ field: Int, _ values: [JSONOutWire]) -> JSONOutWire {
        values.reduce(self) { $0.message(field, $1) }
    }

    private mutating func append(varint value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }
}

extension JSONOutWire {
    static func string(_ value: String) -> JSONOutWire { JSONOutWire().text(1, value) }
    static func bool(_ value: Bool) -> JSONOutWire { JSONOutWire().varint(2, value ? 1 : 0) }
    static func int(_ value: Int64) -> JSONOutWire { JSONOutWire().varint(3, UInt64(bitPattern: value)) }
    static func double(_ value: Double) -> JSONOutWire { JSONOutWire().fixed64(4, value.bitPattern) }
    static func array(_ values: [JSONOutWire]) -> JSONOutWire {
        JSONOutWire().message(5, JSONOutWire().messages(1, values))
    }
    static func map(_ values: [JSONOutWire]) -> JSONOutWire {
        JSONOutWire().message(6, JSONOutWire().messages(1, values))
    }
    static func binary(_ value: [UInt8]) -> JSONOutWire { JSONOutWire().data(7, value) }
    static let empty = JSONOutWire()

    static func attribute(_ key: String, _ value: JSONOutWire) -> JSONOutWire {
        JSONOutWire().text(1, key).message(2, value)
    }
}

/// Calls `append` and returns what it appended as text.
func jsonOut(_ append: (inout [UInt8]) throws -> Void) rethrows -> String {
    var json: [UInt8] = []
    try append(&json)
    return String(decoding: json, as: UTF8.self)
}

/// The attributes as one JSON object, and the keys that were cut.
func attributesOut(_ attributes: [JSONOutWire], cuttingAt limit: Int? = nil) throws -> (json: String, cut: [String]) {
    let span = JSONOutWire().messages(9, attributes)
    return try span.bytes.withUnsafeBytes { bytes in
        try SpanDecoder().withSpan(bytes) { span in
            var json: [UInt8] = []
            let cut = AttributeJSON.append(
                span.pointee.attributes,
                count: span.pointee.n_attributes,
                cuttingAt: limit,
                to: &json
            )
            return (String(decoding: json, as: UTF8.self), cut)
        }
    }
}

/// A JSON text as Foundation reads it.
func parsed(_ json: String) throws -> NSObject {
    try #require(JSONSerialization.jsonObject(with: Data(json.utf8), options: .fragmentsAllowed) as? NSObject)
}
