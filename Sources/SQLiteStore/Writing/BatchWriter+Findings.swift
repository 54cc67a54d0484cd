// BatchWriter+Findings.swift - what is known of spans beside the rows of their trace.

import TraceAssembly
import TraceModel
import TraceStore

extension BatchWriter {
    /// Remembers the calls that later ones may repeat in other traces, which takes a while and only writing needs.
    ///
    /// What fails here is tried again when the first trace is written.
    func prepare() {
        try? rows.loadLinks(connection)
    }

    /// Takes note of what a span can be found by, beside the hashes of its part.
    func note(_ index: Int, of batch: SpanBatch, in entry: TraceEntry) throws(StoreError) {
        guard let found = batch.findings?.spans[index] else { return }
        let facts = batch.facts[index]
        let isPreview = facts.marks.contains(.pending)
        if let hash = found.promptHash {
            entry.prompts.append(SpanPrompt(span: facts.spanID, hash: hash, isPreview: isPreview))
        }
        guard let name = batch.string(found.tool), !isPreview else { return }
        let duration = facts.end - facts.start
        let run = ToolRunRow(
            span: facts.spanID,
            name: name,
            start: facts.start,
            duration: duration,
            status: facts.status
        )
        try analysis.save(run, of: entry.number, project: entry.project, connection)
    }

    /// Writes the prompts of the calls of a trace, which have their numbers by now.
    func savePrompts(of entry: TraceEntry) throws(StoreError) {
        for prompt in entry.prompts {
            guard let number = entry.assembly.callNumber(of: prompt.span) else { continue }
            let call = PartKey.key(entry.number, number)
            try analysis.save(PromptRow(call: call, hash: prompt.hash, isPreview: prompt.isPreview), connection)
        }
        entry.prompts.removeAll(keepingCapacity: true)
    }
}

extension ConsumeReceipt {
    /// Counts spans that were not taken.
    mutating func reject(_ count: Int, _ message: String) {
        rejected = rejected + RejectedSpans(count: count, message: message)
    }
}
