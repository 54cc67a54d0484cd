// BackgroundThread.swift - threads whose work can wait.

import Glibc

/// Lets a thread give way to all others.
enum BackgroundThread {
    /// `SCHED_IDLE` of Linux.
    private static let idlePolicy: Int32 = 5

    /// The calling thread works from now on when no other one wants to.
    ///
    /// The lowest nice value alone is not enough: Linux lets a thread finish its slice of some milliseconds whatever its
    /// nice value is, and a request that comes meanwhile waits for it. A thread with the idle policy is interrupted at
    /// once. Where neither is permitted the thread is as important as the others.
    static func giveWay() {
        // Both are of the calling thread alone on Linux.
        setpriority(Int32(PRIO_PROCESS.rawValue), 0, 19)
        var parameter = sched_param()
        sched_setscheduler(0, idlePolicy, &parameter)
    }
}
