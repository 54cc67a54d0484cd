// IngestExecutor.swift - threads of its own for reading and compressing spans.

import CThreadSetup
import Dispatch

/// Runs what large batches cost, beside the threads that all other tasks share.
///
/// Those are as many as there are cores, and a batch takes one of them for some milliseconds: questions, which need one
/// several times for a moment, would wait for it each time. The system shares the cores among both kinds of threads,
/// and lets a question in between.
final class IngestExecutor: TaskExecutor {
    private let queue = DispatchQueue(label: "skein-ingest", qos: .utility, attributes: .concurrent)

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async {
            skein_thread_works_long()
            job.runSynchronously(on: self.asUnownedTaskExecutor())
        }
    }
}
