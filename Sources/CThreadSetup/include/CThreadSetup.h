/* CThreadSetup.h - how the system shares the cores among threads. */
#ifndef SKEIN_THREAD_SETUP_H
#define SKEIN_THREAD_SETUP_H

/* The calling thread has the same share of the cores as before, but in longer slices, so that a thread that wakes up for a
 * moment goes first. Once for each thread; does nothing where the system cannot (Linux before 6.12). */
void skein_thread_works_long(void);

#endif
