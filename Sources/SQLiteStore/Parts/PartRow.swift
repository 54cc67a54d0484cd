// PartRow.swift - the stored form of what one request brought for one trace.

import TraceModel

/// How the payload of a part is stored.
///
/// The raw value is stored; numbers are never reused.
enum PartEncoding: Int64 {
    case plain = 0
    case zstd = 1
    /// Compressed again: a frame that begins with this part's bytes, and may go on with those of parts behind it.
    case leading = 2
    /// Lies in the frame of a `leading` part: see `FramePlace`.
    case shared = 3
}

/// Where the bytes of a part lie that shares a frame; the payload of a `shared` part.
struct FramePlace: Equatable {
    /// The number of the part that has the frame.
    var part: UInt32
    /// Where its bytes begin in what the frame becomes.
    var offset: Int

    init(part: UInt32, offset: Int) {
        self.part = part
        self.offset = offset
    }

    /// Reads the stored form; nil when it is none.
    init?(decoding bytes: UnsafeRawBufferPointer) {
        var position = 0
        guard let part = Varint.readCount(bytes, at: &position).flatMap({ UInt32(exactly: $0) }),
            let offset = Varint.readCount(bytes, at: &position), position == bytes.count
        else { return nil }
        self.init(part: part, offset: offset)
    }

    /// The stored form.
    var encoded: [UInt8] {
        var bytes: [UInt8] = []
        Varint.append(UInt64(part), to: &bytes)
        Varint.append(UInt64(offset), to: &bytes)
        return bytes
    }
}

/// What a part holds.
///
/// The raw value is stored; numbers are never reused.
enum PartKind: Int64 {
    case spans = 0
    /// Log records that carry the content of the spans that they name.
    case logRecords = 1

    init(_ kind: BatchKind) {
        switch kind {
        case .spans: self = .spans
        case .logRecords: self = .logRecords
        }
    }
}

/// A run of spans of a part that share resource and scope.
struct PartRun: Equatable {
    /// Index into the batch's resources while in memory, `resource_id` in the database.
    var resource: Int64
    /// Index into the batch's scopes while in memory, `scope_id` in the database.
    var scope: Int64
    var count: Int
}

/// A part, of spans or log records, compressed and ready to be written; its runs still refer to the batch.
struct EncodedPart {
    /// Which of the batch's spans.
    var spans: Range<Int>
    var spanIDs: [UInt8]
    var runs: [PartRun]
    var encoding: PartEncoding
    var dictionary: Int64?
    var plainLength: Int
    var payload: [UInt8]
    /// The stored form of what its spans can be found by; nil when they have to be looked through for that.
    var hashes: [UInt8]?
}

/// The key of a part: all parts of a trace are one range.
enum PartKey {
    /// A trace has at most so many parts.
    static let limit: Int64 = 1 << 24

    static func first(of trace: Int64) -> Int64 { trace << 24 }
    static func end(of trace: Int64) -> Int64 { (trace + 1) << 24 }
    static func key(_ trace: Int64, _ number: UInt32) -> Int64 { trace << 24 | Int64(number) }
    static func number(_ key: Int64) -> UInt32 { UInt32(key & (limit - 1)) }
}

/// Unsigned LEB128, as in protobuf.
enum Varint {
    @inline(__always)
    static func append(_ value: UInt64, to bytes: inout [UInt8]) {
        var rest = value
        while rest > 127 {
            bytes.append(UInt8(rest & 127) | 128)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    /// Reads a value at `offset` and moves past it; nil at the end or when it is too long.
    @inline(__always)
    static func read(_ bytes: UnsafeRawBufferPointer, at offset: inout Int) -> UInt64? {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while offset < bytes.count, shift < 64 {
            let byte = bytes[offset]
            offset += 1
            value |= UInt64(byte & 127) << shift
            if byte < 128 { return value }
            shift += 7
        }
        return nil
    }

    /// As `read`, for a number that was not negative when it was written; nil above 2^63 - 1 too.
    @inline(__always)
    static func readCount(_ bytes: UnsafeRawBufferPointer, at offset: inout Int) -> Int? {
        read(bytes, at: &offset).flatMap { Int(exactly: $0) }
    }
}

extension [PartRun] {
    /// The stored form.
    var encoded: [UInt8] {
        var bytes: [UInt8] = []
        for run in self {
            Varint.append(UInt64(run.resource), to: &bytes)
            Varint.append(UInt64(run.scope), to: &bytes)
            Varint.append(UInt64(run.count), to: &bytes)
        }
        return bytes
    }

    /// Reads the stored form; stops at damage.
    init(decoding bytes: UnsafeRawBufferPointer) {
        self.init()
        var offset = 0
        while let resource = Varint.readCount(bytes, at: &offset),
            let scope = Varint.readCount(bytes, at: &offset),
            let count = Varint.readCount(bytes, at: &offset)
        {
            append(PartRun(resource: Int64(resource), scope: Int64(scope), count: count))
        }
    }
}
