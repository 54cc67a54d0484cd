// CapturedSpans.swift - the spans of real instrumentation, one after the other.

import COTLP
import OTLPCodec
import TestSupport
import TraceModel

/// Decodes each span of a capture, in the order in which they were sent.
func forEachCapturedSpan(
    of capture: String,
    _ body: (_ span: UnsafePointer<OTLPSpan>, _ id: SpanID) -> Void
) async throws {
    for (bytes, isJSON) in try Fixtures.traceRequests(of: capture) {
        await Task.yield()
        var storage = BatchStorage(copying: bytes)
        if bytes.starts(with: [0x1F, 0x8B]) { storage = try Gunzip.inflate(storage.bytes, limit: 64 << 20) }
        if isJSON { storage = try JSONTranscoder.transcode(storage.bytes, limit: 64 << 20) }
        let batch = try ExportRequestDecoder().decode(storage, project: nil).batch
        let decoder = try SpanDecoder()
        for slice in batch.spans {
            try decoder.withSpan(batch.bytes(of: slice)) { body($0, slice.spanID) }
        }
    }
}
