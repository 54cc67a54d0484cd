/* CSQLiteSetup.h - settings of the SQLite library that only C can make. */
#ifndef CSQLITESETUP_H
#define CSQLITESETUP_H

/* The name of a file system layer that joins writes which follow each other; for connections in WAL mode with
 * synchronous=FULL. */
#define SKEIN_JOINING_VFS "skein-joining"

/* Turns off the library's memory statistics, which take a lock of the whole process at every allocation (4 % of the CPU
 * of ingest; only if SQLite was not used before), and makes SKEIN_JOINING_VFS known. Further calls change nothing. */
void skein_sqlite_setup(void);

#endif
