// SameBytes.swift - comparing names, and spreading them, without a hash over all bytes.

extension UnsafeRawBufferPointer {
    /// Whether the other buffer has the same bytes; eight are compared at a time.
    @inlinable
    public func hasSameBytes(as other: UnsafeRawBufferPointer) -> Bool {
        guard count == other.count else { return false }
        var offset = 0
        while offset + 8 <= count {
            let left = loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            guard left == other.loadUnaligned(fromByteOffset: offset, as: UInt64.self) else { return false }
            offset += 8
        }
        while offset < count {
            guard self[offset] == other[offset] else { return false }
            offset += 1
        }
        return true
    }

    /// A number of a few of the bytes, by which short-lived tables spread names; never the only thing compared.
    @inlinable
    public var spread: Int {
        guard let first, let last else { return 0 }
        return count ^ Int(first) ^ Int(last) &* 5 ^ Int(self[count / 2]) &* 11
    }
}
