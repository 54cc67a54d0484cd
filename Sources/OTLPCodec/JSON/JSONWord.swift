// JSONWord.swift - eight bytes of text looked at together.

/// Questions about eight bytes at once; byte 0 of the text is the lowest byte of the word.
enum JSONWord {
    static let highBits: UInt64 = 0x8080_8080_8080_8080
    private static let lowBits: UInt64 = 0x0101_0101_0101_0101

    /// Eight bytes from an address of any alignment.
    @inline(__always)
    static func load(_ address: UnsafeRawPointer) -> UInt64 {
        UInt64(littleEndian: address.loadUnaligned(as: UInt64.self))
    }

    /// The high bit of each byte that ends a plain run of a string: quote, backslash, control characters.
    ///
    /// Only the lowest bit set is exact; a borrow may set others above it.
    @inline(__always)
    static func special(_ word: UInt64) -> UInt64 {
        let quote = word ^ 0x2222_2222_2222_2222
        let backslash = word ^ 0x5C5C_5C5C_5C5C_5C5C
        let control = (word &- 0x2020_2020_2020_2020) & ~word
        return (((quote &- lowBits) & ~quote) | ((backslash &- lowBits) & ~backslash) | control) & highBits
    }

    /// The bits of the first `count` bytes; none below 1, all from 8 on.
    @inline(__always)
    static func prefix(_ count: Int) -> UInt64 {
        count <= 0 ? 0 : count >= 8 ? .max : (1 << UInt64(count * 8)) &- 1
    }

    /// The bits of the bytes before the first one that `special` marks; all when it marks none.
    @inline(__always)
    static func plain(before marks: UInt64) -> UInt64 {
        ((marks & (0 &- marks)) &>> 7) &- 1
    }

    /// The number that eight decimal digits write; nil when one of them is no digit.
    @inline(__always)
    static func eightDigits(_ word: UInt64) -> UInt64? {
        let low = word &- 0x3030_3030_3030_3030
        let high = word &+ 0x4646_4646_4646_4646
        guard (low | high | word) & highBits == 0 else { return nil }
        let pairs = (low &* 10) &+ (low &>> 8)
        let left = (pairs & 0x0000_00FF_0000_00FF) &* 0x000F_4240_0000_0064
        let right = ((pairs &>> 16) & 0x0000_00FF_0000_00FF) &* 0x0000_2710_0000_0001
        return (left &+ right) &>> 32
    }

    /// The four bytes that eight hex digits of any case write; nil when one of them is no hex digit.
    @inline(__always)
    static func eightHexDigits(_ word: UInt64) -> UInt32? {
        guard word & highBits == 0 else { return nil }
        let lower = word | 0x2020_2020_2020_2020
        let digit = (word &+ 0x5050_5050_5050_5050) & ~(word &+ 0x4646_4646_4646_4646)
        let letter = (lower &+ 0x1F1F_1F1F_1F1F_1F1F) & ~(lower &+ 0x1919_1919_1919_1919) & highBits
        guard (digit | letter) & highBits == highBits else { return nil }
        let nibbles = (word & 0x0F0F_0F0F_0F0F_0F0F) &+ (letter &>> 7) &* 9
        var bytes = ((nibbles &<< 4) | (nibbles &>> 8)) & 0x00FF_00FF_00FF_00FF
        bytes = (bytes | (bytes &>> 8)) & 0x0000_FFFF_0000_FFFF
        return UInt32(truncatingIfNeeded: bytes | (bytes &>> 16))
    }
}
