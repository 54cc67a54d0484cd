// LogPipeline.swift - the way of every log record: to a span, to the content of one, or nowhere.

import OTLPCodec
public import TraceModel
public import TraceStore

/// Takes log records from every receiver.
///
/// A record that stands for a call becomes a span and goes the way of all spans. One that carries the content of a span
/// is masked like a span, and kept beside it. The others are nothing to the collector.
public struct LogPipeline: LogConsumer {
    private let writer: any TraceWriter
    private let spans: any TraceConsumer
    private let masking: SpanMasking?
    private let keepsContent: Bool

    /// Makes a pipeline.
    ///
    /// - Parameters:
    ///   - writer: Where records with content go.
    ///   - spans: Takes the spans that are made of records, and masks them.
    ///   - masking: Masks records with content before they are stored; nil when there is nothing to mask.
    ///   - keepsContent: Whether records with content are stored; without they are ignored.
    public init(
        writer: any TraceWriter,
        spans: any TraceConsumer,
        masking: SpanMasking? = nil,
        keepsContent: Bool = true
    ) {
        self.writer = writer
        self.spans = spans
        self.masking = masking
        self.keepsContent = keepsContent
    }

    /// See `LogConsumer`: what masking may write, and the spans made at a time.
    public func workingBytes(of logs: LogBatch) -> Int {
        let bytes = logs.records.storage.bytes.count
        return (masking?.workingBytes(of: logs.records) ?? 0) + min(bytes * 8, RecordSorting.chunkBytes * 4)
    }

    /// See `LogConsumer`.
    public func consume(_ logs: LogBatch) async throws -> LogReceipt {
        var sorting = try RecordSorting(logs.records, keepsContent: keepsContent)
        var receipt = LogReceipt()
        while let request = try sorting.nextSpans() {
            let decoded = try ExportRequestDecoder().decode(request, project: logs.project)
            receipt.reject(decoded.rejected)
            receipt.add(try await spans.consume(decoded.batch))
        }
        if let content = sorting.content() { receipt.add(try await store(content)) }
        receipt.ignored = sorting.ignored
        return receipt
    }

    private func store(_ batch: SpanBatch) async throws -> ConsumeReceipt {
        guard let masking else { return try await writer.write(batch) }
        let result = masking.mask(batch)
        var receipt = result.batch.spans.isEmpty ? ConsumeReceipt() : try await writer.write(result.batch)
        receipt.rejected = receipt.rejected + result.refused
        return receipt
    }
}

extension LogReceipt {
    fileprivate mutating func add(_ receipt: ConsumeReceipt) {
        accepted += receipt.stored + receipt.duplicates
        reject(receipt.rejected)
    }

    fileprivate mutating func reject(_ more: RejectedSpans) {
        rejected = rejected + more
    }
}
