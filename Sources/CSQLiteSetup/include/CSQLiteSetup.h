/* CSQLiteSetup.h - settings of the SQLite library that only C can make: sqlite3_config takes variable arguments. */
#ifndef CSQLITESETUP_H
#define CSQLITESETUP_H

/* Turns off the library's memory statistics, which take a lock of the whole process at every allocation: 4 % of the
 * CPU of ingest. Has to come before SQLite is used; later it changes nothing. */
void skein_sqlite_setup(void);

#endif
