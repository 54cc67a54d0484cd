// Statistics+Removal.swift - what statistics lose with a trace.

import TraceStore

/// What statistics are told of traces that go.
enum RemovedFromStatistics {
    /// A trace goes: everything that was counted of it is taken back.
    ///
    /// Called in the transaction that removes the trace, while all of its rows are still there.
    static func takeBack(_ trace: Int64, on connection: SQLiteConnection) throws(StoreError) {}

    /// The trace whose call counted is gone: the call of the same hash in this trace counts from now on.
    ///
    /// Called in the transaction that removes the other trace, maybe more than once for the same hash.
    static func countNext(
        _ hash: Int64,
        project: Int64,
        in trace: Int64,
        on connection: SQLiteConnection
    ) throws(StoreError) {}
}
