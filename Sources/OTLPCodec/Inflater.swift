// Inflater.swift - a growing buffer in front of libdeflate.

import CDeflate
import TraceModel

/// The state of one decompression: how much was read, and what came out.
struct Inflater: ~Copyable {
    typealias Format = (
        OpaquePointer?, UnsafeRawPointer?, Int, UnsafeMutableRawPointer?, Int, UnsafeMutablePointer<Int>?,
        UnsafeMutablePointer<Int>?
    ) -> libdeflate_result

    /// Bytes of input read so far.
    private(set) var consumed = 0

    private let input: UnsafeRawBufferPointer
    private let limit: Int
    private let name: String
    private let decompressor: OpaquePointer
    /// Nil when there was no memory.
    private var output: UnsafeMutableRawBufferPointer?
    /// How much of the output may be used.
    private var capacity: Int
    private var produced = 0

    /// Prepares to decompress `input` into at most `limit` bytes, at first `hint`.
    init(_ input: UnsafeRawBufferPointer, limit: Int, hint: Int, name: String) throws(OTLPCodecError) {
        self.input = input
        self.limit = limit
        self.name = name
        guard let decompressor = libdeflate_alloc_decompressor() else {
            throw OTLPCodecError(code: .overloaded, message: "no memory to decompress a \(name)")
        }
        self.decompressor = decompressor
        // Starting no smaller than the input bounds how often it is read again.
        capacity = min(max(hint, input.count * 2, 4096), limit)
        output = BodyMemory.shared.allocate(capacity)
    }

    deinit {
        libdeflate_free_decompressor(decompressor)
        if let output { BodyMemory.shared.free(output) }
    }

    /// Whether nothing but padding follows what was read.
    var onlyZerosFollow: Bool {
        input[consumed...].allSatisfy { $0 == 0 }
    }

    /// Whether the magic bytes of a gzip member follow.
    var startsMember: Bool {
        input[consumed...].starts(with: [0x1F, 0x8B])
    }

    /// Decompresses one stream at the place reached; false, with nothing changed, when there is no such stream.
    mutating func inflate(_ format: Format) throws(OTLPCodecError) -> Bool {
        while true {
            guard let output = output?.baseAddress else {
                throw OTLPCodecError(code: .overloaded, message: "no memory to decompress a \(name)")
            }
            var read = 0
            var written = 0
            let result = format(
                decompressor,
                input.baseAddress.map { $0 + consumed },
                input.count - consumed,
                output + produced,
                capacity - produced,
                &read,
                &written
            )
            switch result {
            case LIBDEFLATE_SUCCESS:
                consumed += read
                produced += written
                return true
            case LIBDEFLATE_INSUFFICIENT_SPACE:
                try grow()
            default:
                return false
            }
        }
    }

    /// Hands over what came out.
    consuming func finish() -> BatchStorage {
        guard let block = output else { return BatchStorage(copying: []) }
        output = nil
        // What was never written is given back, so that a batch holds about what it counts.
        let surplus = BodyMemory.blockSize(capacity) - BodyMemory.blockSize(produced)
        return surplus > max(produced / 4, 4096)
            ? BatchStorage(shrinking: block, count: produced) : BatchStorage(block, count: produced)
    }

    private mutating func grow() throws(OTLPCodecError) {
        guard capacity < limit else {
            let size = limit % (1 << 20) == 0 ? "\(limit >> 20) MiB" : "\(limit) bytes"
            throw OTLPCodecError(
                code: .tooLarge,
                message: "decompressed body is larger than the limit of \(size) (receivers.otlp.max_body_bytes)"
            )
        }
        let wanted = min(capacity * 2, limit)
        let larger = BodyMemory.shared.allocate(wanted)
        if let output {
            larger?.copyMemory(from: UnsafeRawBufferPointer(rebasing: output[..<produced]))
            BodyMemory.shared.free(output)
        }
        output = larger
        capacity = wanted
    }
}
