// GzipFuzz.swift - compressed bodies, held against zlib.

import CZlib
import OTLPCodec
import TraceModel

/// Inflates a body with limits; where zlib inflates it too, both say the same.
///
/// The first byte picks the format, the second the limit. In two of the formats the rest is a bare deflate stream, which
/// gets a wrapper with good checksums here: mutations hardly ever make one.
enum GzipFuzz {
    private static let limits = [0, 1, 100, 4096, 5000, 20_000, 1 << 16, 1 << 17]
    /// What zlib may make of an input; more is not looked at.
    private static let most = 1 << 18

    static func feed(_ input: UnsafeRawBufferPointer) throws(FuzzFinding) {
        var input = FuzzInput(input)
        let format = input.byte() & 3
        let limit = limits[Int(input.byte() & 7)]
        var body = Array(input.rest)
        if format & 2 != 0 {
            guard let wrapped = wrapped(body, isGzip: format & 1 == 0) else { return }
            body = wrapped
        }
        let copy = BatchStorage(copying: body)
        let isGzip = format & 1 == 0
        let expected =
            isGzip
            ? [reference(body, CZLIB_GZIP, isRepeated: true)]
            : [reference(body, CZLIB_ZLIB), reference(body, CZLIB_BARE)]
        let plain: BatchStorage
        do throws(OTLPCodecError) {
            plain =
                isGzip
                ? try Gunzip.inflate(copy.bytes, limit: limit) : try Gunzip.inflateDeflate(copy.bytes, limit: limit)
        } catch {
            guard error.code == .tooLarge else { return }
            return try FuzzFinding.unless(
                !expected.contains { $0.map { $0.count <= limit } ?? false },
                "what fits the limit is too large"
            )
        }
        try check(plain, expected.compactMap { $0 }, limit: limit)
    }

    private static func check(_ plain: BatchStorage, _ expected: [[UInt8]], limit: Int) throws(FuzzFinding) {
        try FuzzFinding.unless(plain.bytes.count <= limit, "\(plain.bytes.count) bytes with a limit of \(limit)")
        let isSame = expected.contains { $0.elementsEqual(plain.bytes) }
        try FuzzFinding.unless(expected.isEmpty || isSame, "zlib gets other bytes")
    }

    /// A deflate stream with the checksums of what is in it; nil when there is no such stream.
    private static func wrapped(_ stream: [UInt8], isGzip: Bool) -> [UInt8]? {
        guard let plain = reference(stream, CZLIB_BARE) else { return nil }
        if isGzip {
            let trailer = [czlib_crc32(plain, plain.count), UInt32(plain.count)]
            return [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3] + stream
                + trailer.flatMap { word in withUnsafeBytes(of: word.littleEndian) { Array($0) } }
        }
        let sum = czlib_adler32(plain, plain.count)
        return [0x78, 0x9C] + stream + withUnsafeBytes(of: sum.bigEndian) { Array($0) }
    }

    /// What zlib makes of a body with nothing but zeros behind it; nil when it makes nothing of it, or too much.
    private static func reference(_ body: [UInt8], _ format: Int, isRepeated: Bool = false) -> [UInt8]? {
        var plain: [UInt8] = []
        var rest = body[...]
        repeat {
            guard let (bytes, read) = inflated(rest, format, room: most - plain.count) else { return nil }
            plain += bytes
            rest = rest.dropFirst(read)
            if rest.allSatisfy({ $0 == 0 }) { return plain }
        } while isRepeated
        return nil
    }

    /// The stream at the start of a body, inflated by zlib, and how long it was.
    private static func inflated(_ body: ArraySlice<UInt8>, _ format: Int, room: Int) -> (plain: [UInt8], read: Int)? {
        var read = 0
        var isWhole = false
        let plain = [UInt8](unsafeUninitializedCapacity: max(room, 1)) { plain, written in
            isWhole =
                body.withUnsafeBufferPointer { body in
                    czlib_inflate(Int32(format), body.baseAddress, body.count, plain.baseAddress, room, &read, &written)
                } == 1
        }
        return isWhole ? (plain, read) : nil
    }
}
