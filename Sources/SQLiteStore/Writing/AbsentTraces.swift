// AbsentTraces.swift - what has been looked for in vain since the last transaction.

import TraceModel

/// Ids that are in no full bucket, so that each new trace is looked for there once: when its batch is let into the
/// transaction, and not again when it is stored.
///
/// Good until the next transaction ends. A trace that is made meanwhile is in the directory's memory, which comes first.
struct AbsentTraces {
    private struct Key: Hashable {
        var id: TraceID
        var project: Int64
    }

    private var keys: Set<Key> = []

    func contains(_ id: TraceID, project: Int64) -> Bool {
        keys.contains(Key(id: id, project: project))
    }

    mutating func insert(_ id: TraceID, project: Int64) {
        keys.insert(Key(id: id, project: project))
    }

    mutating func removeAll() {
        keys.removeAll(keepingCapacity: true)
    }
}
