// ZstdCodec.swift - zstd with a dictionary, contexts used again.

import CZstd
import NIOConcurrencyHelpers
import TraceModel
import TraceStore

/// What a dictionary is digested to for compression; zstd only reads it, on any thread.
private final class DigestedDictionary: Sendable {
    /// A plain address, so that it can cross threads.
    private let address: UInt
    /// What it refers to.
    private let content: DictionaryBytes

    /// Nil when there is no memory for it.
    init?(_ content: DictionaryBytes, _ parameters: ZSTD_compressionParameters) {
        let made = ZSTD_createCDict_advanced(
            content.buffer.baseAddress,
            content.buffer.count,
            ZSTD_dlm_byRef,
            ZSTD_dct_auto,
            parameters,
            ZSTD_customMem()
        )
        guard let made else { return nil }
        address = UInt(bitPattern: made)
        self.content = content
    }

    deinit {
        ZSTD_freeCDict(pointer)
    }

    /// Valid while the object lives.
    var pointer: OpaquePointer? { OpaquePointer(bitPattern: address) }
}

/// A dictionary for compression, digested when it is used for the first time.
final class ZstdCompressionDictionary: Sendable {
    /// The dictionary itself.
    let content: DictionaryBytes
    private let parameters: @Sendable (Int) -> ZSTD_compressionParameters
    private let digest = NIOLockedValueBox<DigestedDictionary?>(nil)
    private let isOwn: Bool
    /// Made when it is asked for, which most never are.
    private let lightForm = NIOLockedValueBox<ZstdCompressionDictionary?>(nil)

    /// A dictionary for parts as they arrive.
    ///
    /// The parameters are measured on parts of 8 spans, see docs/architecture.md: with a dictionary of the same project's
    /// spans the fast strategy with long matches takes 3.1 us per span where level 3 takes 3.9 us, and leaves hardly more.
    /// With the shipped one it would leave over 735 B against 478 B.
    convenience init(_ content: DictionaryBytes, isOwn: Bool) {
        self.init(content, isOwn: isOwn, step: 1)
    }

    private init(_ content: DictionaryBytes, isOwn: Bool, step: UInt32) {
        self.content = content
        self.isOwn = isOwn
        parameters = { size in
            var parameters = ZSTD_getCParams(isOwn ? 1 : 3, 0, size)
            if isOwn {
                parameters.hashLog = 17
                parameters.minMatch = 7
                parameters.targetLength = step
            }
            return parameters
        }
    }

    /// A dictionary for a level of zstd.
    init(_ content: DictionaryBytes, level: Int32) {
        self.content = content
        isOwn = false
        parameters = { size in ZSTD_getCParams(level, 0, size) }
    }

    /// The same bytes for who has no time: a third of the CPU less, payloads nearly twice as large.
    ///
    /// Only a project's own dictionary has such a form; others are their own.
    func light() -> ZstdCompressionDictionary {
        guard isOwn else { return self }
        return lightForm.withLockedValue { form in
            let light = form ?? ZstdCompressionDictionary(content, isOwn: true, step: 16)
            form = light
            return light
        }
    }

    /// Lets go of what it is digested to, half a megabyte; the next part makes it again, in some milliseconds.
    ///
    /// Who compresses meanwhile keeps it until then.
    func rest() {
        digest.withLockedValue { $0 = nil }
        lightForm.withLockedValue { $0 = nil }
    }

    /// What it is digested to.
    ///
    /// - Throws: `StoreError` with code `unavailable` when there is no memory for it.
    fileprivate func digested() throws(StoreError) -> DigestedDictionary {
        let digested = digest.withLockedValue { digest in
            if digest == nil { digest = DigestedDictionary(content, parameters(content.buffer.count)) }
            return digest
        }
        guard let digested else {
            throw StoreError(code: .unavailable, message: "no memory for a compression dictionary")
        }
        return digested
    }

    /// The dictionary that ships with the program.
    static func shipped() -> ZstdCompressionDictionary {
        ZstdCompressionDictionary(.shipped(), isOwn: false)
    }
}

/// A dictionary, digested for decompression.
///
/// `@unchecked Sendable`: as for compression, a `ZSTD_DDict` is only read after it was made.
final class ZstdDictionary: @unchecked Sendable {
    fileprivate let digested: OpaquePointer

    init(bytes: [UInt8]) throws(StoreError) {
        guard let made = bytes.withUnsafeBytes({ ZSTD_createDDict($0.baseAddress, $0.count) }) else {
            throw StoreError(code: .unavailable, message: "no memory for a compression dictionary")
        }
        digested = made
    }

    deinit {
        ZSTD_freeDDict(digested)
    }
}

/// Compresses and decompresses; one caller at a time for each context, contexts are kept for the next.
final class ZstdCodec: Sendable {
    /// Contexts are plain addresses so that the lists can cross threads; each is used by one caller at a time.
    private let compressors = NIOLockedValueBox<[UInt]>([])
    private let decompressors = NIOLockedValueBox<[UInt]>([])

    deinit {
        release()
    }

    /// Frees the contexts that nobody uses now; the next caller makes one again.
    func release() {
        for address in Self.takeAll(compressors) { ZSTD_freeCCtx(OpaquePointer(bitPattern: address)) }
        for address in Self.takeAll(decompressors) { ZSTD_freeDCtx(OpaquePointer(bitPattern: address)) }
    }

    private static func takeAll(_ list: NIOLockedValueBox<[UInt]>) -> [UInt] {
        list.withLockedValue { list in
            defer { list = [] }
            return list
        }
    }

    /// Compresses `plain` into `scratch` and gives the length; nil when the result would not be smaller.
    func compress(
        _ plain: UnsafeRawBufferPointer,
        into scratch: UnsafeMutableRawBufferPointer,
        with dictionary: ZstdCompressionDictionary
    ) throws(StoreError) -> Int? {
        let digested = try dictionary.digested()
        defer { withExtendedLifetime(digested) {} }
        let known = compressors.withLockedValue { $0.popLast() }
        guard let context = known.flatMap({ OpaquePointer(bitPattern: $0) }) ?? ZSTD_createCCtx() else {
            throw StoreError(code: .unavailable, message: "no memory to compress spans")
        }
        defer { compressors.withLockedValue { $0.append(UInt(bitPattern: context)) } }
        // One that ran out of room is still in the middle of its frame, and would keep the dictionary that it had.
        ZSTD_CCtx_reset(context, ZSTD_reset_session_and_parameters)
        // Attached, never copied: the tables of a dictionary are many times larger than a part.
        ZSTD_CCtx_setParameter(context, ZSTD_c_experimentalParam4, Int32(ZSTD_dictForceAttach.rawValue))
        guard ZSTD_isError(ZSTD_CCtx_refCDict(context, digested.pointer)) == 0 else {
            throw StoreError(code: .internal, message: "a dictionary cannot be used to compress spans")
        }
        let length = ZSTD_compress2(context, scratch.baseAddress, scratch.count, plain.baseAddress, plain.count)
        // Too small a scratch is the only failure here, and it means that compression does not pay.
        return ZSTD_isError(length) != 0 || length >= plain.count ? nil : length
    }

    /// How many bytes a frame says it becomes; nil when it does not say, or is no frame.
    static func plainLength(of packed: UnsafeRawBufferPointer) -> Int? {
        // The two values for "unknown" and "error" do not fit.
        Int(exactly: ZSTD_getFrameContentSize(packed.baseAddress, packed.count))
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
            dictionary?.digested
        )
        guard length == plain.count else {
            throw StoreError(code: .unavailable, message: "a stored part is damaged: it does not decompress")
        }
    }
}
