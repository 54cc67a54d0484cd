/* CThreadSetup.c - how the system shares the cores among threads. */
#define _GNU_SOURCE
#include "CThreadSetup.h"

#ifdef __linux__
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

/* As in the kernel's interface, in its first form of 48 bytes. */
typedef struct scheduling {
    uint32_t size, policy;
    uint64_t flags;
    int32_t nice;
    uint32_t priority;
    /* Of ordinary threads: nanoseconds of a slice. */
    uint64_t runtime;
    uint64_t deadline, period;
} scheduling;

enum { SLICE = 20 * 1000 * 1000, ORDINARY = 0 };

void skein_thread_works_long(void) {
    static _Thread_local int is_done;
    if (is_done) return;
    is_done = 1;
    scheduling now = {.size = sizeof now};
    if (syscall(SYS_sched_getattr, 0, &now, sizeof now, 0) != 0 || now.policy != ORDINARY) return;
    now.size = sizeof now;
    now.runtime = SLICE;
    /* A refusal leaves the thread as it was. */
    (void)syscall(SYS_sched_setattr, 0, &now, 0);
}
#else
void skein_thread_works_long(void) {}
#endif
