// RecordSorting.swift - which of the log records of a batch become what.

import COTLP
import GenAISemantics
import OTLPCodec
import TraceModel

/// Goes once through the records of a batch, and makes spans of some.
struct RecordSorting {
    /// Bytes of spans that are made at a time, so that a great many short records do not become one large request.
    static let chunkBytes = 4 << 20

    private let batch: SpanBatch
    private let keepsContent: Bool
    private let decoder: SpanDecoder
    private var request = SpanRequest()
    /// The next group, and the next of its records.
    private var group = 0
    private var place = 0
    /// The records with content, and their groups.
    private var slices: [SpanSlice] = []
    private var groups: [TraceGroup] = []
    /// Records that are neither call nor content.
    private(set) var ignored = 0

    /// Starts at the first record.
    init(_ batch: SpanBatch, keepsContent: Bool) throws(OTLPCodecError) {
        self.batch = batch
        self.keepsContent = keepsContent
        decoder = try SpanDecoder()
    }

    /// Goes on until there are enough spans, or to the end.
    ///
    /// - Returns: An `ExportTraceServiceRequest`; nil when no more spans can be made.
    /// - Throws: `OTLPCodecError` when a record cannot be decoded after all, or memory is short.
    mutating func nextSpans() throws(OTLPCodecError) -> BatchStorage? {
        while group < batch.groups.count {
            let first = max(place, batch.groups[group].spans.lowerBound)
            for next in first..<batch.groups[group].spans.upperBound {
                try sort(next)
                place = next + 1
                if request.byteCount >= Self.chunkBytes { return request.take() }
            }
            group += 1
        }
        return request.byteCount > 0 ? request.take() : nil
    }

    /// The records with content, as a batch to store; nil when there are none.
    ///
    /// Complete when `nextSpans` has come to the end.
    func content() -> SpanBatch? {
        guard !slices.isEmpty else { return nil }
        var content = batch
        content.spans = slices
        content.groups = groups
        return content
    }

    private mutating func sort(_ place: Int) throws(OTLPCodecError) {
        let slice = batch.spans[place]
        let bytes = batch.bytes(of: slice)
        let (kind, time) = try decoder.withLogRecord(bytes) { (LogRecordClass($0), $0.eventTime) }
        switch kind {
        case .call(let call):
            let origin = RecordOrigin(
                slice: slice,
                bytes: bytes,
                project: batch.groups[group].project,
                resource: batch.resources[Int(slice.resource)]
            )
            request.add(RecordSpan(call, at: time, from: origin).encoded(from: bytes), at: slice, of: batch)
        case .content where keepsContent && slice.traceID.isSet && !slice.spanID.isNone: keep(slice)
        case .content, .other: ignored += 1
        }
    }

    private mutating func keep(_ slice: SpanSlice) {
        let source = batch.groups[group]
        if groups.last?.traceID != source.traceID || groups.last?.project != source.project {
            groups.append(
                TraceGroup(project: source.project, traceID: source.traceID, spans: slices.count..<slices.count)
            )
        }
        slices.append(slice)
        groups[groups.count - 1].spans = groups[groups.count - 1].spans.lowerBound..<slices.count
    }
}
