// WireWriter.swift - writes protobuf by hand, so that tests can also write what no library would.

/// Bytes of a protobuf message, field by field.
public struct WireWriter: Sendable {
    /// What was written.
    public private(set) var bytes: [UInt8] = []

    /// Starts an empty message.
    public init() {}

    /// Writes a message in one expression.
    public init(_ write: (inout WireWriter) -> Void) {
        write(&self)
    }

    /// Writes bytes as they are.
    public mutating func raw(_ more: [UInt8]) {
        bytes += more
    }

    /// Writes a varint without a tag.
    public mutating func varint(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    /// Writes a tag of any wire type.
    public mutating func tag(_ field: UInt64, wire: UInt64) {
        varint(field << 3 | wire)
    }

    /// Writes a varint field.
    public mutating func number(_ field: UInt64, _ value: UInt64) {
        tag(field, wire: 0)
        varint(value)
    }

    /// Writes a fixed64 field.
    public mutating func fixed64(_ field: UInt64, _ value: UInt64) {
        tag(field, wire: 1)
        withUnsafeBytes(of: value.littleEndian) { bytes += $0 }
    }

    /// Writes a fixed32 field.
    public mutating func fixed32(_ field: UInt64, _ value: UInt32) {
        tag(field, wire: 5)
        withUnsafeBytes(of: value.littleEndian) { bytes += $0 }
    }

    /// Writes a field with a length.
    public mutating func sized(_ field: UInt64, _ content: [UInt8]) {
        tag(field, wire: 2)
        varint(UInt64(content.count))
        bytes += content
    }

    /// Writes a string field.
    public mutating func string(_ field: UInt64, _ text: String) {
        sized(field, Array(text.utf8))
    }

    /// Writes a message field.
    public mutating func message(_ field: UInt64, _ write: (inout WireWriter) -> Void) {
        sized(field, WireWriter(write).bytes)
    }
}

extension WireWriter {
    /// Writes a `KeyValue` with a string value.
    public mutating func attribute(_ field: UInt64, _ key: String, _ value: String) {
        message(field) {
            $0.string(1, key)
            $0.message(2) { $0.string(1, value) }
        }
    }

    /// Writes the ids of a `Span`: 16 and 8 bytes that end with the numbers given.
    public mutating func ids(trace: UInt8, span: UInt8) {
        sized(1, Array(repeating: 0xAB, count: 15) + [trace])
        sized(2, Array(repeating: 0xCD, count: 7) + [span])
    }

    /// Writes the `Span` of a `ScopeSpans`: ids, a name and whatever is added.
    public mutating func span(trace: UInt8, span: UInt8, adding: (inout WireWriter) -> Void = { _ in }) {
        message(2) {
            $0.ids(trace: trace, span: span)
            $0.string(5, "chat")
            adding(&$0)
        }
    }

    /// The bytes of a request with one resource (`service.name` = `test`) and one scope (`tests`).
    public static func request(_ scopeSpans: (inout WireWriter) -> Void) -> [UInt8] {
        WireWriter { request in
            request.message(1) { resourceSpans in
                resourceSpans.message(1) { $0.attribute(1, "service.name", "test") }
                resourceSpans.message(2) { scope in
                    scope.message(1) { $0.string(1, "tests") }
                    scopeSpans(&scope)
                }
            }
        }.bytes
    }
}
