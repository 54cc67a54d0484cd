// MessageBytes.swift - protobuf messages of our own, field by field.

/// Bytes of a protobuf message that is written field by field.
struct MessageBytes {
    private(set) var bytes: [UInt8] = []

    mutating func varint(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    mutating func varint(_ field: UInt64, _ value: UInt64) {
        varint(field << 3)
        varint(value)
    }

    mutating func fixed64(_ field: UInt64, _ value: UInt64) {
        varint(field << 3 | 1)
        withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    }

    mutating func sized(_ field: UInt64, _ content: some Collection<UInt8>) {
        varint(field << 3 | 2)
        varint(UInt64(content.count))
        bytes.append(contentsOf: content)
    }

    mutating func message(_ field: UInt64, _ write: (inout MessageBytes) -> Void) {
        var inner = MessageBytes()
        write(&inner)
        sized(field, inner.bytes)
    }

    /// Appends fields that are encoded already.
    mutating func encoded(_ fields: some Collection<UInt8>) {
        bytes.append(contentsOf: fields)
    }

    /// Gives the bytes away and starts empty again.
    mutating func take() -> [UInt8] {
        defer { bytes.removeAll(keepingCapacity: true) }
        return bytes
    }
}
