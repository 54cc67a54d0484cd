// IngestExecutor.swift - threads of its own for reading and compressing spans.

import Dispatch

/// Runs what large batches cost, beside the threads that all other tasks share.
///
/// Those are as many as there are cores, and a batch takes one of them for some milliseconds: questions, which need one
/// several times for a moment, would wait for it each time. The system shares the cores among both kinds of threads.
final class IngestExecutor: TaskExecutor {
    private let queue = DispatchQueue(label: "skein-ingest", qos: .utility, attributes: .concurrent)

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
