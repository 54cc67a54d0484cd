// PropertyWalk.swift - the attributes of a span or resource as keys and texts.

import COTLP
import TraceModel

/// Walks over attributes, giving each value as `AttributeHash` wants it.
enum PropertyWalk {
    /// Calls `body` with the key and each value of every attribute; lists give one value for each element.
    ///
    /// Objects, bytes and texts of more than `AttributeHash.maxValueBytes` are left out.
    static func forEach(
        _ attributes: UnsafeMutablePointer<UnsafeMutablePointer<KeyValue>?>?,
        count: Int,
        _ body: (_ key: UnsafeBufferPointer<UInt8>, _ value: UnsafeBufferPointer<UInt8>) -> Void
    ) {
        let attributes = UnsafeBufferPointer(start: attributes, count: attributes == nil ? 0 : count)
        for case .some(let attribute) in attributes {
            guard let value = attribute.pointee.value else { continue }
            let key = attribute.pointee.key.bytes
            text(of: UnsafePointer(value)) { body(key, $0) }
        }
    }

    private static func text(of value: UnsafePointer<AnyValue>, _ body: (UnsafeBufferPointer<UInt8>) -> Void) {
        guard value.pointee.kind == AnyValue.arrayKind else { return scalar(value, body) }
        guard let list = value.pointee.array_value?.pointee else { return }
        let elements = UnsafeBufferPointer(start: list.values, count: list.values == nil ? 0 : list.n_values)
        // Of a vector nobody looks for the elements.
        guard elements.count <= mostElements else { return }
        for case .some(let element) in elements { scalar(UnsafePointer(element), body) }
    }

    private static let mostElements = 64

    private static func scalar(_ value: UnsafePointer<AnyValue>, _ body: (UnsafeBufferPointer<UInt8>) -> Void) {
        switch value.pointee.kind {
        case AnyValue.stringKind:
            let bytes = value.pointee.string_value.bytes
            if bytes.count <= AttributeHash.maxValueBytes { body(bytes) }
        case AnyValue.boolKind: give(value.pointee.bool_value != 0 ? "true" : "false", body)
        case AnyValue.intKind: give(value.pointee.int_value, body)
        case AnyValue.doubleKind:
            let text = "\(value.pointee.double_value)"
            give(text, body)
            if text.hasSuffix(".0") { give(String(text.dropLast(2)), body) }
        default: break
        }
    }

    /// In decimal, without a string.
    private static func give(_ number: Int64, _ body: (UnsafeBufferPointer<UInt8>) -> Void) {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { digits in
            var start = digits.count
            var rest = number.magnitude
            repeat {
                start -= 1
                digits.initializeElement(at: start, to: UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10))
                rest /= 10
            } while rest > 0
            if number < 0 {
                start -= 1
                digits.initializeElement(at: start, to: UInt8(ascii: "-"))
            }
            body(UnsafeBufferPointer(rebasing: digits[start...]))
        }
    }

    private static func give(_ text: String, _ body: (UnsafeBufferPointer<UInt8>) -> Void) {
        var text = text
        text.withUTF8 { body($0) }
    }
}
