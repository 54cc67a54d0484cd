// AssembledTrace+Batch.swift - one span of a batch into the assembled state.

import TraceAssembly
import TraceModel

extension AssembledTrace {
    /// Inserts the span at `index` of an extracted batch.
    @discardableResult
    mutating func insert(
        _ index: Int,
        of batch: SpanBatch,
        part: UInt32,
        tieBreak: (SpanVersion) -> Bool
    ) -> InsertOutcome {
        let facts = batch.facts[index]
        return batch.calls.withUnsafeBufferPointer { calls in
            insert(
                facts,
                callAt: facts.call < 0 ? nil : calls.baseAddress.map { $0 + Int(facts.call) },
                session: batch.string(facts.session),
                user: batch.string(facts.user),
                service: batch.string(facts.service),
                part: part,
                tieBreak: tieBreak
            )
        }
    }
}

extension SpanBatch {
    /// The string that an index of `SpanFacts` names.
    func string(_ index: Int32) -> String? {
        index < 0 ? nil : strings[Int(index)]
    }
}
