// LogFuzz.swift - a request of log records from its bytes to spans and content.

import COTLP
import GenAISemantics
@testable import IngestPipeline
import OTLPCodec
import TraceModel

/// Decodes an export of logs and holds what comes of it against what is promised.
enum LogFuzz {
    /// Checks a body of OTLP/protobuf.
    static func check(_ storage: BatchStorage) throws(FuzzFinding) {
        let decoded: DecodedRequest
        do throws(OTLPCodecError) {
            decoded = try ExportRequestDecoder().decode(storage, project: nil, as: .logs)
        } catch {
            return
        }
        try checkRecords(decoded.batch)
    }

    /// Checks a body of OTLP/JSON.
    static func check(json body: BatchStorage) throws(FuzzFinding) {
        let message: BatchStorage
        do throws(OTLPCodecError) {
            message = try JSONTranscoder.transcode(body.bytes, limit: 1 << 20, as: .logs)
        } catch {
            return
        }
        // Of its own allocation, so that a read behind it is noticed.
        try check(BatchStorage(copying: message.bytes))
    }

    private static func checkRecords(_ batch: SpanBatch) throws(FuzzFinding) {
        do throws(OTLPCodecError) {
            let decoder = try SpanDecoder()
            for slice in batch.spans {
                let isContent = try decoder.withLogRecord(batch.bytes(of: slice)) { record in
                    _ = LogRecordClass(record)
                    return ContentRecord(record) != nil
                }
                if isContent { checkConversation(batch, slice, decoder) }
            }
            try checkSpans(batch)
        } catch {
            throw FuzzFinding("what the scanner accepts is not decoded: \(error)")
        }
    }

    /// Reads a record as the conversation of an empty span.
    private static func checkConversation(_ batch: SpanBatch, _ slice: SpanSlice, _ decoder: SpanDecoder) {
        decoder.withLogRecords([batch.bytes(of: slice)]) { records in
            var span = OTLPSpan()
            opentelemetry__proto__trace__v1__span__init(&span)
            var reader = ConversationReader()
            _ = reader.read(&span, records: records.compactMap { ContentRecord($0.record) })
        }
    }

    /// Makes the spans of calls, which have to be good ones.
    private static func checkSpans(_ batch: SpanBatch) throws(OTLPCodecError) {
        var sorting = try RecordSorting(batch, keepsContent: true)
        while let request = try sorting.nextSpans() {
            let made = try ExportRequestDecoder().decode(request, project: nil)
            guard made.rejected.count == 0 else {
                throw OTLPCodecError(code: .invalid, message: made.rejected.message)
            }
        }
    }
}
