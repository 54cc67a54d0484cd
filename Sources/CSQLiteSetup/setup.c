/* setup.c - see CSQLiteSetup.h. */
#include "CSQLiteSetup.h"

#include <sqlite3.h>

void skein_sqlite_setup(void) { sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); }
