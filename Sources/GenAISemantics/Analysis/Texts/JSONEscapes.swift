// JSONEscapes.swift - strings of JSON with their escapes decoded.

import TraceModel

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Decodes strings (RFC 8259, section 7).
enum JSONEscapes {
    /// Lends `body` the text of a string; what is no escape stays as it is, a lone surrogate is U+FFFD.
    ///
    /// - Parameters:
    ///   - string: What stands between the quotes.
    ///   - body: Gets UTF-8 that is valid only until it returns.
    static func withDecoded(_ string: UnsafeBufferPointer<UInt8>, _ body: (UnsafeBufferPointer<UInt8>) -> Void) {
        // Decoded text is never longer: the shortest escape of three bytes of UTF-8 has six.
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: max(string.count, 1)) { decoded in
            var decoder = Decoder(string: string, decoded: decoded)
            decoder.run()
            body(UnsafeBufferPointer(rebasing: UnsafeBufferPointer(decoded)[..<decoder.count]))
        }
    }

    private struct Decoder {
        let string: UnsafeBufferPointer<UInt8>
        let decoded: UnsafeMutableBufferPointer<UInt8>
        var place = 0
        var count = 0

        mutating func run() {
            while place < string.count {
                let end = string[place...].firstIndex(ofByte: UInt8(ascii: "\\")) ?? string.count
                copy(string[place..<end])
                place = end
                if place < string.count { escape() }
            }
        }

        private mutating func copy(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) {
            guard !bytes.isEmpty else { return }
            let target = UnsafeMutableBufferPointer(rebasing: decoded[count..<count + bytes.count])
            _ = target.update(fromContentsOf: bytes)
            count += bytes.count
        }

        private mutating func escape() {
            guard place + 1 < string.count else { return copyRest() }
            let letter = string[place + 1]
            guard letter != UInt8(ascii: "u") else { return unicode() }
            put(JSONEscape.character(letter) ?? letter)
            place += 2
        }

        private mutating func copyRest() {
            copy(string[place...])
            place = string.count
        }

        private mutating func unicode() {
            guard let (scalar, length) = JSONEscape.scalar(at: place, in: string) else {
                put(UInt8(ascii: "u"))
                place += 2
                return
            }
            place += length
            for byte in scalar.utf8 { put(byte) }
        }

        private mutating func put(_ byte: UInt8) {
            decoded[count] = byte
            count += 1
        }
    }
}

extension Slice<UnsafeBufferPointer<UInt8>> {
    /// The first place that holds a byte.
    func firstIndex(ofByte byte: UInt8) -> Int? {
        guard !isEmpty, let start = base.baseAddress else { return nil }
        guard let found = memchr(start + startIndex, Int32(byte), count) else { return nil }
        return start.distance(to: found.assumingMemoryBound(to: UInt8.self))
    }
}
