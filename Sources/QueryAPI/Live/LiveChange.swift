// LiveChange.swift - one trace that changed, several times perhaps.

import TraceStore

/// What has become of one trace since a client heard of it.
struct LiveChange: Sendable {
    /// What is known of the trace.
    enum Content: Sendable {
        /// Its number, before it is read.
        case number(Int64)
        /// Its summary.
        case trace(TraceSummary)
        /// It is gone.
        case deleted(DeletedTrace)
    }

    /// The place behind its last change.
    let position: FeedPosition
    /// Whether it is new since.
    let isNew: Bool
    /// What is known of it.
    var content: Content

    /// The number of a trace that can be read.
    var number: Int64? {
        switch content {
        case .number(let number): number
        case .trace(let summary): summary.number
        case .deleted: nil
        }
    }

    /// Each trace once, the one that changed last first.
    static func latest(of changes: [TraceChange], after position: FeedPosition) -> [LiveChange] {
        var seen: Set<Int64> = []
        let new = Set(changes.compactMap { if case .new(let number) = $0 { number } else { nil } })
        return changes.indices.reversed().compactMap { index in
            let change = changes[index]
            guard seen.insert(change.number).inserted else { return nil }
            let isNew = new.contains(change.number)
            let content: Content? =
                switch change {
                case .new(let number), .changed(let number): .number(number)
                // Nobody was told of it.
                case .deleted(_, let trace): isNew ? nil : .deleted(trace)
                }
            let place = FeedPosition(epoch: position.epoch, sequence: position.sequence + UInt64(index) + 1)
            return content.map { LiveChange(position: place, isNew: isNew, content: $0) }
        }
    }

    /// The change with what was read of its trace; nil when it is not to be shown.
    ///
    /// Of a deleted trace only the project is known: everybody in it is told.
    func filled(from summaries: [Int64: TraceSummary], in scope: ProjectScope) -> LiveChange? {
        var filled = self
        switch content {
        case .number(let number):
            guard let summary = summaries[number] else { return nil }
            filled.content = .trace(summary)
        case .deleted(let trace):
            guard scope == .all || scope == .only(trace.project) else { return nil }
        case .trace: break
        }
        return filled
    }
}
