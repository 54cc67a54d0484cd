// ZstdCodec.swift - zstd with a dictionary, contexts used again.

import CAssets
import CZstd
import NIOConcurrencyHelpers
import TraceModel
import TraceStore

/// A compression dictionary, digested for both directions.
///
/// `@unchecked Sendable`: the digested forms are written once here and only read by zstd afterwards
/// (`ZSTD_CDict` and `ZSTD_DDict` may be shared between threads), and freed in `deinit`.
final class ZstdDictionary: @unchecked Sendable {
    let bytes: [UInt8]
    let compression: OpaquePointer
    let decompression: OpaquePointer

    init(bytes: [UInt8], level: Int32) throws(StoreError) {
        guard
            let compression = bytes.withUnsafeBytes({ ZSTD_createCDict($0.baseAddress, $0.count, level) }),
            let decompression = bytes.withUnsafeBytes({ ZSTD_createDDict($0.baseAddress, $0.count) })
        else {
            throw StoreError(code: .unavailable, message: "no memory for a compression dictionary")
        }
        self.bytes = bytes
        self.compression = compression
        self.decompression = decompression
    }

    deinit {
        ZSTD_freeCDict(compression)
        ZSTD_freeDDict(decompression)
    }

    /// The dictionary that ships with the program.
    static func shipped(level: Int32) throws(StoreError) -> ZstdDictionary {
        var size = 0
        let start = skein_span_dictionary(&size)
        return try ZstdDictionary(bytes: [UInt8](UnsafeBufferPointer(start: start, count: size)), level: level)
    }
}

/// Compresses and decompresses; one caller at a time for each context, contexts are kept for the next.
final class ZstdCodec: Sendable {
    /// Contexts are plain addresses so that the lists can cross threads; each is used by one caller at a time.
    private let compressors = NIOLockedValueBox<[UInt]>([])
    private let decompressors = NIOLockedValueBox<[UInt]>([])

    deinit {
        for address in compressors.withLockedValue({ $0 }) { ZSTD_freeCCtx(OpaquePointer(bitPattern: address)) }
        for address in decompressors.withLockedValue({ $0 }) { ZSTD_freeDCtx(OpaquePointer(bitPattern: address)) }
    }

    /// Compresses `plain` into `scratch` and gives the length; nil when the result would not be smaller.
    func compress(
        _ plain: UnsafeRawBufferPointer,
        into scratch: UnsafeMutableRawBufferPointer,
        with dictionary: ZstdDictionary
    ) throws(StoreError) -> Int? {
        let known = compressors.withLockedValue { $0.popLast() }
        guard let context = known.flatMap({ OpaquePointer(bitPattern: $0) }) ?? ZSTD_createCCtx() else {
            throw StoreError(code: .unavailable, message: "no memory to compress spans")
        }
        defer { compressors.withLockedValue { $0.append(UInt(bitPattern: context)) } }
        let length = ZSTD_compress_usingCDict(
            context,
            scratch.baseAddress,
            scratch.count,
            plain.baseAddress,
            plain.count,
            dictionary.compression
        )
        // Too small a scratch is the only failure here, and it means that compression does not pay.
        return ZSTD_isError(length) != 0 || length >= plain.count ? nil : length
    }

    /// Decompresses into exactly `plain`.
    func decompress(
        _ packed: UnsafeRawBufferPointer,
        into plain: UnsafeMutableRawBufferPointer,
        with dictionary: ZstdDictionary?
    ) throws(StoreError) {
        let known = decompressors.withLockedValue { $0.popLast() }
        guard let context = known.flatMap({ OpaquePointer(bitPattern: $0) }) ?? ZSTD_createDCtx() else {
            throw StoreError(code: .unavailable, message: "no memory to decompress spans")
        }
        defer { decompressors.withLockedValue { $0.append(UInt(bitPattern: context)) } }
        let length = ZSTD_decompress_usingDDict(
            context,
            plain.baseAddress,
            plain.count,
            packed.baseAddress,
            packed.count,
            dictionary?.decompression
        )
        guard length == plain.count else {
            throw StoreError(code: .unavailable, message: "a stored part is damaged: it does not decompress")
        }
    }
}
