// AttributeHash.swift - what spans are found by exactly, as 64-bit hashes.

/// Something that a span is found by exactly.
public enum SpanProperty: Sendable, Hashable {
    /// An attribute of the span or of its resource.
    case attribute(String)
    /// The name of the span.
    case name
    /// The tool of a tool's span, or of a call that a model asks for.
    case tool
    /// A tag, or the attribute `source` or `tenant`.
    case tag
    /// The operation, such as `chat`.
    case operation
}

/// The hashes by which parts are looked through before they are decoded.
///
/// Stored: they never change. Two values may have the same hash, so that whoever finds one looks at the span itself.
public enum AttributeHash {
    /// Values longer than this, in bytes, have no hash.
    public static let maxValueBytes = 128

    private static let k0: UInt64 = 0x9E37_79B9_7F4A_7C15
    private static let k1: UInt64 = 0xD6E8_FEB8_6659_FD93

    /// The hash of a value of a property.
    ///
    /// - Parameters:
    ///   - property: What the value belongs to.
    ///   - value: The value as text: strings as they are, integers in decimal, truth values as `true` and `false`, other
    ///     numbers in their shortest form.
    /// - Returns: What the parts hold that have such a span.
    public static func hash(_ property: SpanProperty, _ value: String) -> UInt64 {
        var value = value
        let seed = seed(of: property)
        return value.withUTF8 { hash($0, seed: seed) }
    }

    /// Where the hashes of the values of a property start.
    ///
    /// - Parameter property: The property.
    /// - Returns: The seed; of an attribute it is the hash of its key.
    public static func seed(of property: SpanProperty) -> UInt64 {
        switch property {
        case .attribute(var key): key.withUTF8 { seed(ofKey: $0) }
        case .name: 1
        case .tool: 2
        case .tag: 3
        case .operation: 4
        }
    }

    /// The seed of an attribute, by the bytes of its key.
    ///
    /// - Parameter key: UTF-8.
    /// - Returns: The hash of the key.
    public static func seed(ofKey key: UnsafeBufferPointer<UInt8>) -> UInt64 {
        hash(key, seed: 0)
    }

    /// The hash of a value, by its bytes.
    ///
    /// - Parameters:
    ///   - value: UTF-8.
    ///   - seed: Of the property.
    /// - Returns: The hash.
    public static func hash(_ value: UnsafeBufferPointer<UInt8>, seed: UInt64) -> UInt64 {
        let bytes = UnsafeRawBufferPointer(value)
        var state = seed ^ k0
        var offset = 0
        while offset + 8 <= bytes.count {
            let word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
            state = fold(state ^ word, k1)
            offset += 8
        }
        let tail = tail(of: bytes, from: offset)
        return fold(fold(state ^ tail, k1) ^ UInt64(bytes.count), k0)
    }

    /// What is left behind the last whole word, the first byte lowest.
    @inline(__always)
    private static func tail(of bytes: UnsafeRawBufferPointer, from offset: Int) -> UInt64 {
        let left = UInt64(bytes.count - offset)
        guard left > 0 else { return 0 }
        if bytes.count >= 8 {
            let last = bytes.loadUnaligned(fromByteOffset: bytes.count - 8, as: UInt64.self)
            return UInt64(littleEndian: last) >> (8 * (8 - left))
        }
        var tail: UInt64 = 0
        for place in 0..<Int(left) { tail |= UInt64(bytes[offset + place]) << UInt64(8 * place) }
        return tail
    }

    @inline(__always)
    private static func fold(_ left: UInt64, _ right: UInt64) -> UInt64 {
        let product = left.multipliedFullWidth(by: right)
        return product.high ^ product.low
    }
}
