// ZoneFilter.swift - which sessions and users a zone may have, and about where.

/// A Bloom filter over the session and user hashes of a zone: 4 bits each in 32,768.
///
/// The hashes go in together with the eighth of the zone that their trace is in, so that one that is found is looked for in
/// 128 traces. Files have filters of an earlier form, without the byte at the end, which know whole zones alone.
enum ZoneFilter {
    /// Bytes of the filter of a zone that is new; the last is `mark`.
    static let size = plainSize + 1
    private static let plainSize = 4096
    private static let mark: UInt8 = 1

    /// Parts of a zone that are told apart.
    private static let slices: Int64 = 8
    private static let tracesPerSlice = Zone.traceCount / slices

    /// A filter that nothing was added to.
    static var empty: [UInt8] { [UInt8](repeating: 0, count: plainSize) + [mark] }

    /// Whether a stored value is a filter of any form.
    static func isFilter(_ bits: [UInt8]) -> Bool { bits.count == plainSize || bits.count == size }

    /// The four bits of a hash in a slice; in a filter of the earlier form, in the zone.
    @inline(__always)
    private static func places(of hash: Int64, slice: Int64?) -> (Int, Int, Int, Int) {
        var bits = UInt64(bitPattern: hash)
        if let slice { bits &+= UInt64(slice + 1) &* 0x9E37_79B9_7F4A_7C15 }
        func place(_ shift: UInt64) -> Int { Int(truncatingIfNeeded: bits >> shift) & (plainSize * 8 - 1) }
        return (place(0), place(16), place(32), place(48))
    }

    /// Adds a hash of a trace; whether that changed anything.
    static func insert(_ hash: Int64, of trace: Int64, into bits: inout [UInt8]) -> Bool {
        let slice = bits.count == size ? trace % Zone.traceCount / tracesPerSlice : nil
        let places = places(of: hash, slice: slice)
        var isChanged = false
        for place in [places.0, places.1, places.2, places.3] {
            let bit = UInt8(1) << UInt8(place & 7)
            guard bits[place >> 3] & bit == 0 else { continue }
            bits[place >> 3] |= bit
            isChanged = true
        }
        return isChanged
    }

    /// The slices in which a hash may have been added, one bit each.
    static func slices(with hash: Int64, _ bits: UnsafeRawBufferPointer) -> UInt8 {
        guard bits.count == plainSize || bits.count == size else { return .max }
        guard bits.count == size else { return isSet(places(of: hash, slice: nil), bits) ? .max : 0 }
        var found: UInt8 = 0
        for slice in 0..<slices where isSet(places(of: hash, slice: slice), bits) { found |= 1 << UInt8(slice) }
        return found
    }

    @inline(__always)
    private static func isSet(_ places: (Int, Int, Int, Int), _ bits: UnsafeRawBufferPointer) -> Bool {
        func isSet(_ place: Int) -> Bool { bits[place >> 3] & 1 << UInt8(place & 7) != 0 }
        return isSet(places.0) && isSet(places.1) && isSet(places.2) && isSet(places.3)
    }

    /// The traces of a zone from the first of some slices to the last.
    static func traces(of zone: Int64, in slices: UInt8) -> Range<Int64> {
        let start = Zone.firstTrace(of: zone)
        guard slices != 0 else { return start..<start }
        let first = Int64(slices.trailingZeroBitCount)
        let end = Self.slices - Int64(slices.leadingZeroBitCount)
        return start + first * tracesPerSlice..<start + end * tracesPerSlice
    }
}
