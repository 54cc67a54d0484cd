// RawMessage.swift - messages of gRPC as plain bytes, decoded by our own code.

import GRPCCore
import TraceModel

/// A received message, its bytes copied once into a batch's storage.
struct RawMessage: Sendable {
    let storage: BatchStorage
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
