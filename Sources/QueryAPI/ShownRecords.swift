// ShownRecords.swift - the log records of the span that is being written.

import GenAISemantics
import OTLPCodec

/// Lends the log records of the span that is being written to whoever reads its conversation.
final class ShownRecords {
    /// Encoded `LogRecord` messages.
    var current: [[UInt8]] = []
    private let decoder: SpanDecoder

    init() throws(OTLPCodecError) {
        decoder = try SpanDecoder()
    }

    /// Calls `body` with what the records hold of a conversation; one that cannot be decoded is left out.
    func withContent<Result>(_ body: ([ContentRecord]) -> Result) -> Result {
        guard !current.isEmpty else { return body([]) }
        // Side by side in one block, where they stay as long as `body` runs.
        let bytes = current.flatMap { $0 }
        return bytes.withUnsafeBytes { bytes in
            var start = 0
            let messages = current.map { record in
                defer { start += record.count }
                return UnsafeRawBufferPointer(rebasing: bytes[start..<start + record.count])
            }
            return decoder.withLogRecords(messages) { decoded in
                body(decoded.compactMap { ContentRecord($0.record) })
            }
        }
    }
}
