// RawMessage.swift - messages of gRPC as plain bytes, decoded by our own code.

import GRPCCore
import OTLPCodec
import TraceModel

/// A received message, its bytes copied once into a batch's storage.
struct RawMessage: Sendable {
    /// Metadata by which the guard of a stream says how its messages are compressed.
    static let encodingKey = "x-skein-grpc-encoding"

    let storage: BatchStorage

    /// How the bytes are compressed.
    ///
    /// In a stream with an encoding each message may still be plain. No protobuf message begins like gzip: 0x1F would be
    /// a field of a wire type that does not exist.
    func compression(_ metadata: Metadata) -> BodyCompression {
        let isMarked = metadata[stringValues: Self.encodingKey].contains { $0 == "gzip" }
        return isMarked && storage.bytes.starts(with: [0x1F, 0x8B]) ? .gzip : .identity
    }

    /// The bytes without compression, of a message that is small by its nature.
    ///
    /// - Throws: `OTLPCodecError` when it is damaged or larger than 4 KiB.
    func smallMessage(_ metadata: Metadata) throws(OTLPCodecError) -> BatchStorage {
        compression(metadata) == .gzip ? try Gunzip.inflate(storage.bytes, limit: 4096) : storage
    }
}

/// Takes messages as they are.
struct RawMessageReader: MessageDeserializer {
    func deserialize<Bytes: GRPCContiguousBytes>(_ bytes: Bytes) -> RawMessage {
        RawMessage(storage: bytes.withUnsafeBytes { BatchStorage(copying: $0) })
    }
}

/// Takes no notice of what a message holds.
struct IgnoredMessageReader: MessageDeserializer {
    func deserialize<Bytes: GRPCContiguousBytes>(_ bytes: Bytes) {}
}

/// Sends bytes as they are.
struct RawMessageWriter: MessageSerializer {
    func serialize<Bytes: GRPCContiguousBytes>(_ message: [UInt8]) -> Bytes {
        Bytes(message)
    }
}
