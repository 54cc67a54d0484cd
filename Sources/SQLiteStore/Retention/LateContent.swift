// LateContent.swift - spans that come for a trace whose content has expired.

import TraceModel
import TraceStore

/// Takes the content out of spans that come for a trace whose content has expired, before they are stored.
///
/// A late duplicate so becomes what is stored of the span, and is known as a duplicate.
struct LateContent: Sendable {
    let removal: any ContentRemoval
    let extraction: any SpanExtraction
    let encoder: PartEncoder

    /// The spans of one group as a batch of their own, and its parts.
    func prepare(
        _ group: TraceGroup,
        of batch: SpanBatch
    ) throws(StoreError) -> (batch: SpanBatch, parts: [EncodedPart], refused: RejectedSpans) {
        var alone = batch
        alone.spans = Array(batch.spans[group.spans])
        alone.groups = [TraceGroup(project: group.project, traceID: group.traceID, spans: 0..<alone.spans.count)]
        alone.facts = []
        alone.calls = []
        alone.strings = []
        alone.findings = nil
        let result = removal.removeContent(of: alone.inOneStorage())
        guard !result.batch.spans.isEmpty else { return (result.batch, [], result.refused) }
        do {
            let extracted = try extraction.extract(result.batch)
            return (extracted, [try encoder.encodeAlone(extracted)], result.refused)
        } catch let error as StoreError {
            throw error
        } catch {
            throw StoreError(reading: error)
        }
    }
}

extension SpanBatch {
    /// The same spans with all their bytes in `storage`, as masking wants them: what it wrote before is no part of a batch
    /// that it gets again.
    func inOneStorage() -> SpanBatch {
        var bytes: [UInt8] = []
        var moved = spans
        for index in spans.indices {
            moved[index].offset = UInt32(bytes.count)
            bytes.append(contentsOf: self.bytes(of: spans[index]))
        }
        return SpanBatch(
            storage: BatchStorage(copying: bytes),
            resources: resources,
            scopes: scopes,
            spans: moved,
            groups: groups
        )
    }
}
