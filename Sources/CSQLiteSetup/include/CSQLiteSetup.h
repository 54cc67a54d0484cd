/* CSQLiteSetup.h - settings of the SQLite library that only C can make. */
#ifndef CSQLITESETUP_H
#define CSQLITESETUP_H

#include <stddef.h>

/* The name of a file system layer that joins writes which follow each other; for connections in WAL mode with
 * synchronous=FULL. */
#define SKEIN_JOINING_VFS "skein-joining"

/* Turns off the library's memory statistics, which take a lock of the whole process at every allocation (4 % of the CPU
 * of ingest; only if SQLite was not used before), has blocks come from small_memory.c, and makes SKEIN_JOINING_VFS known.
 * Further calls change nothing. */
void skein_sqlite_setup(void);

/* From now on this thread keeps small blocks that SQLite frees for its next ones. For threads that live as long as the
 * program or a store, and of which there are few. */
void skein_sqlite_keep_memory(void);

/* Gives back what this thread keeps and SQLite does not use now: all slabs in which no block is in use. Takes some
 * milliseconds after a large transaction. Tells how many bytes that were. */
size_t skein_sqlite_release_memory(void);

#endif
