// CanonicalJSON.swift - one text for each JSON value, whoever wrote it.

import TraceModel

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// JSON without space, members in the order of their names' bytes, of duplicates the last one.
///
/// Strings escape quotes, backslashes and control characters alone (`\u00XX`); numbers stay as they were written.
struct CanonicalJSON {
    private(set) var bytes: [UInt8] = []

    /// Empties it and keeps its memory.
    mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
    }

    /// Begins again with what was written before.
    mutating func begin(with text: ArraySlice<UInt8>) {
        removeAll()
        bytes.append(contentsOf: text)
    }

    mutating func raw(_ text: StaticString) {
        text.withUTF8Buffer { bytes.append(contentsOf: $0) }
    }

    mutating func string(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        characters(text)
        bytes.append(UInt8(ascii: "\""))
    }

    /// What stands between the quotes of a string.
    mutating func characters(_ text: String) {
        var text = text
        text.withUTF8 { utf8 in
            var start = 0
            for place in 0..<utf8.count {
                let byte = utf8[place]
                guard byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") else { continue }
                bytes.append(contentsOf: utf8[start..<place])
                escape(byte)
                start = place + 1
            }
            bytes.append(contentsOf: utf8[start...])
        }
    }

    /// The same of a string as it stands in another JSON text, checked already.
    mutating func characters(escaped string: UnsafeBufferPointer<UInt8>) {
        var start = 0
        while let place = Self.backslash(in: string, from: start) {
            bytes.append(contentsOf: string[start..<place])
            if let (scalar, length) = JSONEscape.scalar(at: place, in: string) {
                for byte in scalar.utf8 { escape(byte) }
                start = place + length
            } else {
                escape(JSONEscape.character(string[place + 1]) ?? string[place + 1])
                start = place + 2
            }
        }
        bytes.append(contentsOf: string[start...])
    }

    private static func backslash(in string: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
        guard start < string.count, let base = string.baseAddress,
            let found = memchr(base + start, Int32(UInt8(ascii: "\\")), string.count - start)
        else { return nil }
        return UnsafeRawPointer(found) - UnsafeRawPointer(base)
    }

    /// What was written elsewhere.
    mutating func append(_ other: CanonicalJSON) {
        bytes.append(contentsOf: other.bytes)
    }

    /// Calls itself once per level; values nest as deep as `JSONLimit` allows.
    mutating func value(_ value: JSONValue) {
        switch value {
        case .null: raw("null")
        case .bool(let truth): raw(truth ? "true" : "false")
        case .number(let digits): bytes.append(contentsOf: digits.utf8)
        case .string(let text): string(text)
        case .array(let elements): list(elements) { $0.value($1) }
        case .object(let members):
            var last: [String: JSONValue] = [:]
            for member in members { last[member.name] = member.value }
            let sorted = last.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
            raw("{")
            for (place, member) in sorted.enumerated() {
                if place > 0 { raw(",") }
                string(member.key)
                raw(":")
                self.value(member.value)
            }
            raw("}")
        }
    }

    mutating func list<Element>(_ elements: [Element], _ write: (inout CanonicalJSON, Element) -> Void) {
        raw("[")
        for (place, element) in elements.enumerated() {
            if place > 0 { raw(",") }
            write(&self, element)
        }
        raw("]")
    }

    private mutating func escape(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"):
            bytes.append(UInt8(ascii: "\\"))
            bytes.append(byte)
        case 0..<0x20:
            raw("\\u00")
            bytes.append(UInt8(ascii: "0") + byte >> 4)
            bytes.append(Self.digits[Int(byte & 15)])
        default:
            bytes.append(byte)
        }
    }

    private static let digits = Array("0123456789abcdef".utf8)
}
