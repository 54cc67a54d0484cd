/* setup.c - see CSQLiteSetup.h. */
#include "CSQLiteSetup.h"

#include <pthread.h>
#include <sqlite3.h>

#include "joining_vfs.h"
#include "small_memory.h"

static void set_up(void) {
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    small_memory_install();
    joining_vfs_register();
}

void skein_sqlite_setup(void) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, set_up);
}
