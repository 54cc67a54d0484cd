// KeptBatches.swift - the parts of a small trace while it is read.

import TraceModel
import TraceStore

/// What the parts of a trace hold, as long as that is little.
struct KeptBatches {
    private let mostBytes: Int
    private var batches: [UInt32: SpanBatch] = [:]
    private var bytes = 0
    /// Parts that follow each other may lie in one storage.
    private var latest: BatchStorage?

    /// Keeps batches whose storages come to so many bytes.
    init(mostBytes: Int) {
        self.mostBytes = mostBytes
    }

    /// Keeps one more; none at all once they are too many.
    mutating func keep(_ batch: SpanBatch, of part: UInt32) {
        guard bytes <= mostBytes else { return }
        if batch.storage !== latest { bytes += batch.storage.bytes.count }
        latest = batch.storage
        batches[part] = batch
        if bytes > mostBytes {
            batches = [:]
            latest = nil
        }
    }

    /// Begins again, with nothing.
    mutating func forget() {
        self = KeptBatches(mostBytes: mostBytes)
    }

    /// Finds the span that an outline means; nil unless everything was kept.
    var stored: (@Sendable (SpanOutline) -> StoredSpan?)? {
        guard bytes <= mostBytes else { return nil }
        return { [batches] outline in batches[outline.part]?.stored(outline) }
    }
}

extension SpanBatch {
    /// The span that an outline means; nil when there is none at its place.
    func stored(_ outline: SpanOutline) -> StoredSpan? {
        guard outline.index < spans.count else { return nil }
        let slice = spans[outline.index]
        return StoredSpan(
            outline: outline,
            storage: storage,
            range: Int(slice.offset)..<Int(slice.offset) + Int(slice.length),
            resource: resources[Int(slice.resource)],
            scope: scopes[Int(slice.scope)]
        )
    }
}
