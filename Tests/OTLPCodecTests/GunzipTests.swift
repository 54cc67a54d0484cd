// GunzipTests.swift - bodies whole, broken and hostile.

import CDeflate
import Testing
import TraceModel

@testable import OTLPCodec

/// How a body is wrapped.
enum Wrapping: CaseIterable {
    case gzip, zlib, bare

    func compress(_ bytes: [UInt8]) -> [UInt8] {
        let compressor = libdeflate_alloc_compressor(6)
        defer { libdeflate_free_compressor(compressor) }
        let bound = libdeflate_gzip_compress_bound(compressor, bytes.count)
        return [UInt8](unsafeUninitializedCapacity: bound) { output, count in
            count =
                switch self {
                case .gzip: libdeflate_gzip_compress(compressor, bytes, bytes.count, output.baseAddress, bound)
                case .zlib: libdeflate_zlib_compress(compressor, bytes, bytes.count, output.baseAddress, bound)
                case .bare: libdeflate_deflate_compress(compressor, bytes, bytes.count, output.baseAddress, bound)
                }
        }
    }

    func inflate(_ body: [UInt8], limit: Int = 1 << 20) throws -> [UInt8] {
        let storage = try body.withUnsafeBytes { bytes in
            self == .gzip
                ? try Gunzip.inflate(bytes, limit: limit)
                : try Gunzip.inflateDeflate(bytes, limit: limit)
        }
        return Array(storage.bytes)
    }
}

struct GunzipTests {
    private let text = Array("a body of spans, again and again. ".utf8)

    private var long: [UInt8] { (0..<2_000).flatMap { _ in text } }

    /// A gzip member of zeros that ends before its trailer: 13 bytes stand for 2,064.
    private func bomb(bytes: Int) -> [UInt8] {
        // A literal 0, then matches of length 258 and distance 1 in fixed codes of 13 bits: 8 of them are 13 bytes.
        let head: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255]
        var bits = BitWriter()
        bits.write([1, 1, 0] + [0, 0, 1, 1, 0, 0, 0, 0])
        let match: [UInt8] = [1, 1, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0]
        for _ in 0..<bytes / 258 { bits.write(match) }
        bits.write([0, 0, 0, 0, 0, 0, 0] + [UInt8](repeating: 0, count: 7))
        return head + bits.bytes
    }

    @Test(arguments: Wrapping.allCases)
    func `what was compressed comes back`(_ wrapping: Wrapping) throws {
        for bytes in [[], [7], text, long] as [[UInt8]] {
            #expect(try wrapping.inflate(wrapping.compress(bytes)) == bytes)
        }
    }

    @Test func `several gzip members are one body`() throws {
        let body = Wrapping.gzip.compress(text) + Wrapping.gzip.compress([]) + Wrapping.gzip.compress(long)
        #expect(try Wrapping.gzip.inflate(body) == text + long)
    }

    @Test func `a wrong size in the trailer of another member does no harm`() throws {
        // The hint comes from the last member, of one byte: the buffer grows for the first.
        let zeros = [UInt8](repeating: 0, count: 1 << 19)
        let body = Wrapping.gzip.compress(zeros) + Wrapping.gzip.compress(zeros) + Wrapping.gzip.compress([1])
        #expect(try Wrapping.gzip.inflate(body, limit: 2 << 20) == zeros + zeros + [1])
    }

    @Test(arguments: Wrapping.allCases)
    func `zeros behind a body are ignored, anything else is refused`(_ wrapping: Wrapping) throws {
        let body = wrapping.compress(text)
        #expect(try wrapping.inflate(body + [0, 0, 0]) == text)
        let error = try #require(throws: OTLPCodecError.self) { try wrapping.inflate(body + [0, 1]) }
        #expect(error.code == .invalid)
        #expect(error.message.contains("is followed by something else at byte \(body.count)"))
    }

    @Test(arguments: Wrapping.allCases)
    func `a truncated body is refused`(_ wrapping: Wrapping) throws {
        let body = wrapping.compress(text)
        for length in 0..<body.count {
            // What is left of a zlib body may happen to be bare deflate, but never this text.
            let error = try #require(throws: OTLPCodecError.self) { try wrapping.inflate(Array(body.prefix(length))) }
            #expect(error.code == .invalid)
        }
    }

    @Test func `a damaged body is refused, with the member`() throws {
        let whole = Wrapping.gzip.compress(text)
        var damaged = whole
        damaged[damaged.count - 8] ^= 1
        let error = try #require(throws: OTLPCodecError.self) { try Wrapping.gzip.inflate(whole + damaged) }
        #expect(error.code == .invalid)
        #expect(error.message == "gzip body is truncated or corrupt in the member at byte \(whole.count)")
    }

    @Test(arguments: Wrapping.allCases)
    func `a body may become as large as the limit, and no larger`(_ wrapping: Wrapping) throws {
        let body = wrapping.compress(long)
        #expect(try wrapping.inflate(body, limit: long.count) == long)
        let error = try #require(throws: OTLPCodecError.self) { try wrapping.inflate(body, limit: long.count - 1) }
        #expect(error.code == .tooLarge)
    }

    @Test(arguments: Wrapping.allCases)
    func `a limit of nothing lets nothing out`(_ wrapping: Wrapping) throws {
        #expect(try wrapping.inflate(wrapping.compress([]), limit: 0) == [])
        let body = wrapping.compress([7])
        let error = try #require(throws: OTLPCodecError.self) { try wrapping.inflate(body, limit: 0) }
        #expect(error.code == .tooLarge)
    }

    @Test func `the limit holds for all members together`() throws {
        let body = Wrapping.gzip.compress(long) + Wrapping.gzip.compress(long)
        let error = try #require(throws: OTLPCodecError.self) { try Wrapping.gzip.inflate(body, limit: long.count + 1) }
        #expect(error.code == .tooLarge)
    }

    @Test func `a bomb is refused at the limit, with the setting's name`() throws {
        let error = try #require(throws: OTLPCodecError.self) { try Wrapping.gzip.inflate(bomb(bytes: 16 << 20)) }
        #expect(error.code == .tooLarge)
        #expect(
            error.message == "decompressed body is larger than the limit of 1 MiB (receivers.otlp.max_body_bytes)"
        )
    }

    @Test func `the hint is the trailer's size, as far as that is possible`() {
        Wrapping.gzip.compress(long).withUnsafeBytes { #expect(Gunzip.sizeHint($0) == long.count) }
        var lying = Wrapping.gzip.compress(text)
        for place in lying.count - 4..<lying.count { lying[place] = 0xFF }
        lying.withUnsafeBytes { #expect(Gunzip.sizeHint($0) == lying.count * 1032) }
        text[..<4].withUnsafeBytes { #expect(Gunzip.sizeHint($0) == 0) }
    }
}

/// Bits, the lowest of each byte first.
private struct BitWriter {
    private(set) var bytes: [UInt8] = []
    private var count = 0

    mutating func write(_ bits: [UInt8]) {
        for bit in bits {
            if count % 8 == 0 { bytes.append(0) }
            bytes[bytes.count - 1] |= bit << UInt8(count % 8)
            count += 1
        }
    }
}
