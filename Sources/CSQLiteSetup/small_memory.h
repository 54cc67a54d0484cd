/* small_memory.h - an allocator for SQLite that keeps small blocks on the threads that need many. */
#ifndef SMALL_MEMORY_H
#define SMALL_MEMORY_H

/* Once, by way of sqlite3_config. */
void small_memory_install(void);

#endif
