// DictionaryBytes.swift - the bytes of a dictionary, where zstd can refer to them.

import CAssets

/// Bytes that stay where they are, so that what zstd digests them to need not copy them.
final class DictionaryBytes: Sendable {
    /// Safe to share: written before the object is made, never after, and freed only in `deinit`.
    nonisolated(unsafe) let buffer: UnsafeRawBufferPointer
    private let isOwned: Bool

    /// Copies bytes.
    init(copying bytes: [UInt8]) {
        let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 16)
        copy.copyBytes(from: bytes)
        buffer = UnsafeRawBufferPointer(copy)
        isOwned = true
    }

    /// A copy.
    var array: [UInt8] { Array(buffer) }

    private init(constant buffer: UnsafeRawBufferPointer) {
        self.buffer = buffer
        isOwned = false
    }

    deinit {
        if isOwned { buffer.deallocate() }
    }

    /// Those of the dictionary that ships with the program, which lie in its file.
    static func shipped() -> DictionaryBytes {
        var size = 0
        let start = skein_span_dictionary(&size)
        return DictionaryBytes(constant: UnsafeRawBufferPointer(start: start, count: size))
    }
}
