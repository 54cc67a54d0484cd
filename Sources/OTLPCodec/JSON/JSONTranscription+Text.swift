// JSONTranscription+Text.swift - strings: escapes, UTF-8, and what is written as a string but is none.

import TraceModel

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

extension JSONTranscription {
    /// How far behind the end of the output a string that is only looked at is decoded: room for a tag and a slot.
    private static let scratchOffset = 16

    /// Copies a string to the output as one field.
    mutating func text(_ field: UnsafePointer<JSONField>, writesDefault: Bool) throws(JSONFault) {
        guard token() == UInt8(ascii: "\"") else { throw fault(.string) }
        let before = out.count
        out.tag(field)
        let start = out.next + 1
        let length = try string(to: start) - start
        if length < 0x80 {
            guard length > 0 || writesDefault else { return out.rewind(to: before) }
            out.next.storeBytes(of: UInt8(truncatingIfNeeded: length), as: UInt8.self)
            out.advance(length &+ 1)
        } else {
            out.open(width: 1)
            out.advance(length)
            try out.close()
        }
    }

    /// Decodes a string behind the output and leaves it there until something is written.
    mutating func scratch() throws(JSONFault) -> UnsafeRawBufferPointer {
        try out.reserve(end - next)
        let start = out.next + Self.scratchOffset
        let end = try string(to: start)
        return UnsafeRawBufferPointer(start: start, count: end - start)
    }

    /// Decodes the string whose opening quote is next; gives the end of what was written.
    ///
    /// Needs as much room as the body has bytes left, and eight bytes more.
    private mutating func string(to destination: UnsafeMutableRawPointer) throws(JSONFault) -> UnsafeMutableRawPointer {
        let first = next + 1
        let end = end
        var source = first
        var target = destination
        var bits: UInt64 = 0
        while true {
            if end - source >= 8 {
                let word = JSONWord.load(source)
                target.storeBytes(of: word.littleEndian, as: UInt64.self)
                bits |= word
                let mark = JSONWord.special(word)
                if mark == 0 {
                    source += 8
                    target += 8
                    continue
                }
                let plain = mark.trailingZeroBitCount &>> 3
                source += plain
                target += plain
            }
            guard source < end else { throw fault(.closingQuote, at: end) }
            let byte = source.load(as: UInt8.self)
            if byte == UInt8(ascii: "\"") { break }
            if byte == UInt8(ascii: "\\") {
                (source, target) = try escape(at: source, to: target)
            } else {
                guard byte >= 0x20 else { throw fault(.visibleCharacter, at: source) }
                bits |= UInt64(byte)
                target.storeBytes(of: byte, as: UInt8.self)
                source += 1
                target += 1
            }
        }
        next = source + 1
        if bits & JSONWord.highBits != 0, let bad = JSONText.firstFault(from: first, to: source) {
            throw fault(.utf8, at: bad)
        }
        return target
    }

    /// Decodes the escape at `source`; gives what follows it on both sides.
    @inline(__always)
    private func escape(
        at source: UnsafeRawPointer,
        to target: UnsafeMutableRawPointer
    ) throws(JSONFault) -> (UnsafeRawPointer, UnsafeMutableRawPointer) {
        guard end - source >= 2 else { throw fault(.closingQuote, at: end) }
        let letter = source.load(fromByteOffset: 1, as: UInt8.self)
        if letter == UInt8(ascii: "u") { return try unicodeEscape(at: source, to: target) }
        guard let byte = JSONEscape.character(letter) else { throw fault(.escape, at: source) }
        target.storeBytes(of: byte, as: UInt8.self)
        return (source + 2, target + 1)
    }

    /// Decodes a `\u` escape, and a second one when both are a surrogate pair; a lone surrogate becomes U+FFFD.
    @inline(never)
    private func unicodeEscape(
        at source: UnsafeRawPointer,
        to target: UnsafeMutableRawPointer
    ) throws(JSONFault) -> (UnsafeRawPointer, UnsafeMutableRawPointer) {
        guard let unit = JSONText.codeUnit(source, end: end) else { throw fault(.escape, at: source) }
        var scalar = unit
        var behind = source + 6
        if unit & 0xF800 == 0xD800 {
            scalar = 0xFFFD
            if unit < 0xDC00, let low = JSONText.codeUnit(behind, end: end), low & 0xFC00 == 0xDC00 {
                scalar = 0x10000 + (unit & 0x3FF) << 10 + low & 0x3FF
                behind += 6
            }
        }
        return (behind, target + JSONText.encode(scalar, to: target))
    }
}

/// The letters of JSON strings.
enum JSONText {
    /// The UTF-16 code unit of the six bytes of a `\u` escape at an address; nil when something else stands there.
    static func codeUnit(_ address: UnsafeRawPointer, end: UnsafeRawPointer) -> UInt32? {
        guard end - address >= 6, address.load(as: UInt8.self) == UInt8(ascii: "\\"),
            address.load(fromByteOffset: 1, as: UInt8.self) == UInt8(ascii: "u")
        else { return nil }
        let digits = UInt32(littleEndian: address.loadUnaligned(fromByteOffset: 2, as: UInt32.self))
        guard let bytes = JSONWord.eightHexDigits(UInt64(digits) | 0x3030_3030_0000_0000) else { return nil }
        return (bytes & 0xFF) << 8 | (bytes >> 8) & 0xFF
    }

    /// Writes a scalar value as UTF-8 and gives its length.
    static func encode(_ scalar: UInt32, to target: UnsafeMutableRawPointer) -> Int {
        func put(_ byte: UInt32, _ offset: Int) {
            target.storeBytes(of: UInt8(truncatingIfNeeded: byte), toByteOffset: offset, as: UInt8.self)
        }
        if scalar < 0x80 {
            put(scalar, 0)
            return 1
        }
        if scalar < 0x800 {
            put(scalar >> 6 | 0xC0, 0)
            put(scalar & 0x3F | 0x80, 1)
            return 2
        }
        if scalar < 0x10000 {
            put(scalar >> 12 | 0xE0, 0)
            put(scalar >> 6 & 0x3F | 0x80, 1)
            put(scalar & 0x3F | 0x80, 2)
            return 3
        }
        put(scalar >> 18 | 0xF0, 0)
        put(scalar >> 12 & 0x3F | 0x80, 1)
        put(scalar >> 6 & 0x3F | 0x80, 2)
        put(scalar & 0x3F | 0x80, 3)
        return 4
    }

    /// The first byte that is not UTF-8 (Unicode, table 3-7), if there is one.
    static func firstFault(from start: UnsafeRawPointer, to end: UnsafeRawPointer) -> UnsafeRawPointer? {
        var next = start
        while next < end {
            if end - next >= 8, JSONWord.load(next) & JSONWord.highBits == 0 {
                next += 8
                continue
            }
            let length = sequenceLength(at: next, end: end)
            guard length > 0 else { return next }
            next += length
        }
        return nil
    }

    /// The length of the well-formed sequence at an address; 0 when there is none.
    @inline(__always)
    private static func sequenceLength(at address: UnsafeRawPointer, end: UnsafeRawPointer) -> Int {
        let lead = address.load(as: UInt8.self)
        if lead < 0x80 { return 1 }
        guard lead >= 0xC2, lead <= 0xF4 else { return 0 }
        let length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
        guard end - address >= length else { return 0 }
        let second = address.load(fromByteOffset: 1, as: UInt8.self)
        let lowest: UInt8 = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80
        let highest: UInt8 = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF
        guard second >= lowest, second <= highest else { return 0 }
        for offset in 2..<max(length, 2) where address.load(fromByteOffset: offset, as: UInt8.self) & 0xC0 != 0x80 {
            return 0
        }
        return length
    }
}
