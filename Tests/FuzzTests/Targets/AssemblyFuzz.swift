// AssemblyFuzz.swift - what a trace comes to, whatever the order of its spans.

import TraceAssembly
import TraceModel

@testable import SQLiteStore

/// Assembles each trace of a batch, forwards and backwards.
enum AssemblyFuzz {
    static func check(_ batch: SpanBatch) throws(FuzzFinding) {
        for group in batch.groups {
            let forwards = assembled(batch, group.spans)
            let backwards = assembled(batch, group.spans.reversed())
            try FuzzFinding.unless(forwards.summary == backwards.summary, "the order of the spans shows in the summary")
            let ids = Set(batch.facts[group.spans].map(\.spanID))
            try FuzzFinding.unless(forwards.spanCount == ids.count, "the summary counts other spans than there are")
            for id in ids {
                let (one, other) = (forwards.scope(of: id), backwards.scope(of: id))
                try FuzzFinding.unless(
                    one?.0 == other?.0 && one?.1 == other?.1,
                    "the order of the spans shows in how a call counts"
                )
            }
        }
    }

    private static func assembled(_ batch: SpanBatch, _ order: some Sequence<Int>) -> AssembledTrace {
        var trace = AssembledTrace()
        for index in order {
            trace.insert(index, of: batch, part: 1) { batch.isGreater(index, than: $0, in: batch) }
        }
        trace.settle()
        return trace
    }
}
