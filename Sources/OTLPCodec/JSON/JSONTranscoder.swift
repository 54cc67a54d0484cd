// JSONTranscoder.swift - OTLP/JSON to protobuf bytes.

public import TraceModel

/// Turns OTLP/JSON into the protobuf bytes of the same message, so that everything behind it exists once.
///
/// Source: OTLP 1.x, JSON Protobuf Encoding.
public enum JSONTranscoder {
    /// Transcodes one `ExportTraceServiceRequest` or `ExportLogsServiceRequest`.
    ///
    /// An empty body, or one of white space, is an empty request. Ids that are not hex become one zero byte and ids of
    /// another length stay as they are, so that the scanner refuses their span alone. Of a field given twice the last
    /// one counts. A length prefix of a large message may be padded, which every protobuf reader accepts.
    ///
    /// - Parameters:
    ///   - json: The body.
    ///   - limit: How many bytes the result may have.
    ///   - signal: Which of the two requests it is.
    /// - Returns: The protobuf bytes; they live as long as the storage.
    /// - Throws: `OTLPCodecError` with code `invalid` when this is no such JSON, `tooLarge` above the limit,
    ///   `overloaded` without memory.
    public static func transcode(
        _ json: UnsafeRawBufferPointer,
        limit: Int,
        as signal: OTLPSignal = .traces
    ) throws(OTLPCodecError) -> BatchStorage {
        guard let start = json.baseAddress else { return BatchStorage(copying: []) }
        let body = UnsafeRawBufferPointer(start: start, count: json.count)
        do throws(JSONFault) {
            let message: JSONMessage = signal == .logs ? .logsRequest : .request
            return try bytes(of: body, start: start, limit: limit, message)
        } catch {
            throw error.codecError(limit: limit)
        }
    }

    private static func bytes(
        of json: UnsafeRawBufferPointer,
        start: UnsafeRawPointer,
        limit: Int,
        _ message: JSONMessage
    ) throws(JSONFault) -> BatchStorage {
        let table = JSONSchema.table
        return try table.slots.withUnsafeBufferPointer { slots throws(JSONFault) -> BatchStorage in
            // The table is never empty.
            guard let first = slots.baseAddress else { throw .noMemory }
            var transcription = JSONTranscription(
                start: start,
                end: start + json.count,
                fields: first,
                factor: table.factor,
                out: try MessageWriter(
                    capacity: json.count,
                    limit: limit,
                    maxDepth: JSONTranscription.maxNesting + 1
                )
            )
            try transcription.request(message)
            return try transcription.out.take()
        }
    }
}
