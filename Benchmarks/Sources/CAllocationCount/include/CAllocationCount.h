/* CAllocationCount.h - counts what a program asks of malloc, thread by thread.
 *
 * Linked into a program, or loaded before it with LD_PRELOAD, this replaces malloc and its relatives by ones that count
 * and then do what the C library does. Where the environment names a file (SKEIN_ALLOCATIONS), the counts are kept there
 * and can be read at any time: entries of three numbers of 64 bits, the thread's id (0 for an entry without a thread),
 * blocks and bytes. glibc alone. */
#ifndef CALLOCATIONCOUNT_H
#define CALLOCATIONCOUNT_H

#include <stdint.h>

/* Blocks that a thread has asked for since it began; of all threads for 0. A block that grows counts again. */
uint64_t skein_allocations_of(int64_t thread);

/* The id of this thread. */
int64_t skein_this_thread(void);

/* Gives what is free back to the system, so that memory held afterwards is memory in use. */
void skein_give_back_memory(void);

#endif
