// Gunzip.swift - bounded decompression of request bodies.

import CDeflate
public import TraceModel

/// Decompresses bodies with a limit on what comes out.
///
/// libdeflate works on whole buffers: when one is too small, the member is decompressed again into one of twice the
/// size. The size that a gzip trailer claims is only a hint for the first buffer.
public enum Gunzip {
    /// How many bytes a gzip body probably becomes: what its trailer claims (RFC 1952, ISIZE), 0 when it has none.
    ///
    /// The sender may lie, and of several members only the last one counts; never more than deflate can reach.
    public static func sizeHint(_ input: UnsafeRawBufferPointer) -> Int {
        guard input.count >= 18 else { return 0 }
        let claimed = input.loadUnaligned(fromByteOffset: input.count - 4, as: UInt32.self)
        // 258 bytes from two bits is the best that deflate can do.
        return min(Int(UInt32(littleEndian: claimed)), input.count * 1032)
    }

    /// Decompresses a gzip body of one or more members (RFC 1952); zeros behind the last are ignored.
    ///
    /// - Parameters:
    ///   - input: The body.
    ///   - limit: The most bytes that may come out; about as much memory is used at most.
    /// - Returns: What came out.
    /// - Throws: `OTLPCodecError` with code `tooLarge` when more than `limit` bytes come out, `invalid` when the body is
    ///   truncated, corrupt or followed by something else, `overloaded` when there is no memory.
    public static func inflate(
        _ input: UnsafeRawBufferPointer,
        limit: Int
    ) throws(OTLPCodecError) -> BatchStorage {
        var inflater = try Inflater(input, limit: limit, hint: sizeHint(input), name: "gzip body")
        repeat {
            guard try inflater.inflate(libdeflate_gzip_decompress_ex) else {
                let start = inflater.consumed
                let isMember = start == 0 || inflater.startsMember
                let what = isMember ? "is truncated or corrupt in the member" : "is followed by something else"
                throw .invalid("gzip body \(what) at byte \(start)")
            }
        } while !inflater.onlyZerosFollow
        return inflater.finish()
    }

    /// Decompresses a body with `Content-Encoding: deflate`: zlib (RFC 1950) as HTTP asks, or bare deflate (RFC 1951).
    ///
    /// - Parameters:
    ///   - input: The body.
    ///   - limit: The most bytes that may come out; about as much memory is used at most.
    /// - Returns: What came out.
    /// - Throws: As `inflate(_:limit:)`.
    public static func inflateDeflate(
        _ input: UnsafeRawBufferPointer,
        limit: Int
    ) throws(OTLPCodecError) -> BatchStorage {
        var inflater = try Inflater(input, limit: limit, hint: 0, name: "deflate body")
        // Some clients leave out the zlib wrapper, against RFC 9110, section 8.4.1.2.
        var isWhole = try inflater.inflate(libdeflate_zlib_decompress_ex)
        if !isWhole { isWhole = try inflater.inflate(libdeflate_deflate_decompress_ex) }
        guard isWhole else { throw .invalid("deflate body is truncated or corrupt") }
        guard inflater.onlyZerosFollow else {
            throw .invalid("deflate body is followed by something else at byte \(inflater.consumed)")
        }
        return inflater.finish()
    }
}
