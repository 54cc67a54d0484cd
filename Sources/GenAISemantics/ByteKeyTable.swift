// ByteKeyTable.swift - from the bytes of a known key to its number, at the price of one hash.

/// An open hash over the bytes of keys that are known beforehand, built once and only read afterwards.
///
/// Keys of clients never enter the table, so nobody can make it slow.
struct ByteKeyTable: Sendable {
    fileprivate struct Entry {
        var hash: UInt32 = 0
        /// The number of the key, plus one; 0 marks an empty place.
        var mark: UInt16 = 0
        var length: UInt16 = 0
        var offset: UInt32 = 0
    }

    private var entries: [Entry]
    private var text: [UInt8] = []
    private var longest = 0
    private let ignoresCase: Bool

    /// Builds the table; the number of a key is its place in `keys`, which are all different.
    ///
    /// - Parameters:
    ///   - keys: At most 65,534 keys, in ASCII.
    ///   - ignoresCase: Whether a look-up ignores the case of ASCII letters; the keys are lower-case then.
    init(_ keys: [StaticString], ignoresCase: Bool = false) {
        self.init(keys.map { "\($0)" }, ignoresCase: ignoresCase)
    }

    /// The same of keys that are made while the program runs.
    init(_ keys: [String], ignoresCase: Bool = false) {
        self.ignoresCase = ignoresCase
        // At most a quarter full: an unknown key nearly always meets an empty place at once.
        var size = 16
        while size < keys.count * 4 { size *= 2 }
        entries = Array(repeating: Entry(), count: size)
        for (number, key) in keys.enumerated() {
            var key = key
            key.withUTF8 { insert($0, number: number) }
        }
    }

    /// The number of a key; nil when it is unknown.
    func number(of key: UnsafeBufferPointer<UInt8>) -> Int? {
        guard key.count <= longest, key.count > 0, let base = key.baseAddress else { return nil }
        // Most values are written in lower case already.
        if let number = withLookup({ $0.number(of: base, key.count) }) { return number }
        guard ignoresCase else { return nil }
        return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: key.count) { lowered in
            for place in 0..<key.count {
                let byte = key[place]
                let isUpper = byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z")
                lowered.initializeElement(at: place, to: isUpper ? byte | 0x20 : byte)
            }
            guard let start = lowered.baseAddress else { return nil }
            return withLookup { $0.number(of: start, key.count) }
        }
    }

    /// Lends the table for many look-ups in a row, which regard case.
    @inline(__always)
    func withLookup<Result>(_ body: (Lookup) -> Result) -> Result {
        entries.withUnsafeBufferPointer { entries in
            text.withUnsafeBytes { body(Lookup(entries: entries, text: $0, longest: longest)) }
        }
    }

    private mutating func insert(_ key: UnsafeBufferPointer<UInt8>, number: Int) {
        guard let base = key.baseAddress else { return }
        let hash = Self.hash(UnsafeRawPointer(base), key.count)
        var place = Int(hash) & (entries.count - 1)
        while entries[place].mark != 0 { place = (place + 1) & (entries.count - 1) }
        entries[place] = Entry(
            hash: hash,
            mark: UInt16(number + 1),
            length: UInt16(key.count),
            offset: UInt32(text.count)
        )
        text.append(contentsOf: key)
        longest = max(longest, key.count)
    }

    /// Mixes the length with three words of the key: its first, middle and last eight bytes.
    ///
    /// Enough to tell attribute keys apart; equality is always checked.
    @inline(__always)
    fileprivate static func hash(_ key: UnsafeRawPointer, _ length: Int) -> UInt32 {
        var first: UInt64 = 0
        var last: UInt64 = 0
        var middle: UInt64 = 0
        if length >= 8 {
            first = key.loadUnaligned(as: UInt64.self)
            last = key.loadUnaligned(fromByteOffset: length &- 8, as: UInt64.self)
            middle = key.loadUnaligned(fromByteOffset: (length &- 8) >> 1, as: UInt64.self)
        } else {
            for place in 0..<length {
                first = first << 8 | UInt64(key.load(fromByteOffset: place, as: UInt8.self))
            }
        }
        let product = (first ^ 0x9E37_79B9_7F4A_7C15 ^ UInt64(length)).multipliedFullWidth(
            by: last ^ 0xD6E8_FEB8_6659_FD93
        )
        let mixed = (product.high ^ product.low ^ middle) &* 0xA076_1D64_78BD_642F
        return UInt32(truncatingIfNeeded: mixed >> 32)
    }
}

extension ByteKeyTable {
    /// The table, open for look-ups.
    struct Lookup {
        fileprivate let entries: UnsafeBufferPointer<Entry>
        fileprivate let text: UnsafeRawBufferPointer
        fileprivate let longest: Int

        /// The number of a key; nil when it is unknown.
        @inline(__always)
        func number(of key: UnsafePointer<UInt8>, _ length: Int) -> Int? {
            guard length > 0, length <= longest, let first = entries.baseAddress, let text = text.baseAddress else {
                return nil
            }
            let hash = ByteKeyTable.hash(UnsafeRawPointer(key), length)
            let mask = entries.count &- 1
            var place = Int(hash) & mask
            while first[place].mark != 0 {
                if first[place].hash == hash, Int(first[place].length) == length,
                    Self.areEqual(text + Int(first[place].offset), UnsafeRawPointer(key), length)
                {
                    return Int(first[place].mark) &- 1
                }
                place = (place &+ 1) & mask
            }
            return nil
        }

        /// Compares word by word; the last word may overlap the one before it.
        @inline(__always)
        private static func areEqual(_ left: UnsafeRawPointer, _ right: UnsafeRawPointer, _ length: Int) -> Bool {
            guard length >= 8 else {
                for place in 0..<length {
                    guard
                        left.load(fromByteOffset: place, as: UInt8.self)
                            == right.load(fromByteOffset: place, as: UInt8.self)
                    else { return false }
                }
                return true
            }
            var place = 0
            while place < length &- 8 {
                guard Self.areWordsEqual(left, right, at: place) else { return false }
                place &+= 8
            }
            return Self.areWordsEqual(left, right, at: length &- 8)
        }

        @inline(__always)
        private static func areWordsEqual(_ left: UnsafeRawPointer, _ right: UnsafeRawPointer, at place: Int) -> Bool {
            left.loadUnaligned(fromByteOffset: place, as: UInt64.self)
                == right.loadUnaligned(fromByteOffset: place, as: UInt64.self)
        }
    }
}
