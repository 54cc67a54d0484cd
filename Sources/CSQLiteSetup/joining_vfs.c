/* joining_vfs.c - a layer over SQLite's file system that joins writes which follow each other in a file.
 *
 * SQLite writes a page of its log in two calls, header and page, and a checkpoint writes page by page. Here what
 * continues the write before it is kept until something else is asked of the file, at the latest the sync that makes a
 * commit durable: one system call then takes what took a hundred. The order of writes to a file stays as it was.
 *
 * Sound for connections in WAL mode with synchronous=FULL only: there the sync comes before other connections are shown
 * the commit. So connections ask for it by name.
 */
#include "joining_vfs.h"

#include <sqlite3.h>
#include <string.h>

#include "CSQLiteSetup.h"

/* SQLite's unix layer writes less than 128 KiB at a time. */
enum { CAPACITY = 120 * 1024 };

typedef struct joined_file {
    sqlite3_file base;
    sqlite3_file *file;   /* the real one, in the memory behind this struct */
    unsigned char *kept;  /* CAPACITY bytes, allocated with the first write */
    sqlite3_int64 offset; /* where the kept bytes belong */
    int length;
} joined_file;

static sqlite3_vfs *real_vfs;
static sqlite3_vfs joining_vfs;

#define REAL(f) ((f)->file->pMethods)

/* Writes what is kept. It is dropped when that fails: the transaction fails with it. */
static int flush(joined_file *f) {
    int length = f->length;
    if (length == 0) return SQLITE_OK;
    f->length = 0;
    return REAL(f)->xWrite(f->file, f->kept, length, f->offset);
}

/* For operations that must not overtake a write. */
#define FLUSH_FIRST(f)                            \
    do {                                          \
        int written = flush(f);                   \
        if (written != SQLITE_OK) return written; \
    } while (0)

static int joined_write(sqlite3_file *base, const void *bytes, int length, sqlite3_int64 offset) {
    joined_file *f = (joined_file *)base;
    int continues = f->length > 0 && offset == f->offset + f->length && length <= CAPACITY - f->length;
    if (!continues) {
        FLUSH_FIRST(f);
        if (f->kept == NULL) f->kept = sqlite3_malloc(CAPACITY);
        if (f->kept == NULL || length > CAPACITY) return REAL(f)->xWrite(f->file, bytes, length, offset);
        f->offset = offset;
    }
    memcpy(f->kept + f->length, bytes, (size_t)length);
    f->length += length;
    return SQLITE_OK;
}

static int joined_read(sqlite3_file *base, void *bytes, int length, sqlite3_int64 offset) {
    joined_file *f = (joined_file *)base;
    FLUSH_FIRST(f);
    return REAL(f)->xRead(f->file, bytes, length, offset);
}

static int joined_sync(sqlite3_file *base, int flags) {
    joined_file *f = (joined_file *)base;
    FLUSH_FIRST(f);
    return REAL(f)->xSync(f->file, flags);
}

static int joined_truncate(sqlite3_file *base, sqlite3_int64 size) {
    joined_file *f = (joined_file *)base;
    FLUSH_FIRST(f);
    return REAL(f)->xTruncate(f->file, size);
}

static int joined_size(sqlite3_file *base, sqlite3_int64 *size) {
    joined_file *f = (joined_file *)base;
    FLUSH_FIRST(f);
    return REAL(f)->xFileSize(f->file, size);
}

static int joined_close(sqlite3_file *base) {
    joined_file *f = (joined_file *)base;
    int written = flush(f);
    int result = REAL(f)->xClose(f->file);
    sqlite3_free(f->kept);
    f->kept = NULL;
    return written != SQLITE_OK ? written : result;
}

static int joined_lock(sqlite3_file *base, int level) {
    joined_file *f = (joined_file *)base;
    FLUSH_FIRST(f);
    return REAL(f)->xLock(f->file, level);
}

/* A lock is given back whatever became of the writes. */
static int joined_unlock(sqlite3_file *base, int level) {
    joined_file *f = (joined_file *)base;
    int written = flush(f);
    int result = REAL(f)->xUnlock(f->file, level);
    return written != SQLITE_OK ? written : result;
}

static int joined_is_reserved(sqlite3_file *base, int *answer) {
    joined_file *f = (joined_file *)base;
    return REAL(f)->xCheckReservedLock(f->file, answer);
}

static int joined_control(sqlite3_file *base, int operation, void *argument) {
    joined_file *f = (joined_file *)base;
    FLUSH_FIRST(f);
    return REAL(f)->xFileControl(f->file, operation, argument);
}

static int joined_sector_size(sqlite3_file *base) {
    joined_file *f = (joined_file *)base;
    return REAL(f)->xSectorSize(f->file);
}

static int joined_characteristics(sqlite3_file *base) {
    joined_file *f = (joined_file *)base;
    return REAL(f)->xDeviceCharacteristics(f->file);
}

static int joined_shm_map(sqlite3_file *base, int page, int size, int extend, void volatile **memory) {
    joined_file *f = (joined_file *)base;
    return REAL(f)->xShmMap(f->file, page, size, extend, memory);
}

static int joined_shm_lock(sqlite3_file *base, int offset, int count, int flags) {
    joined_file *f = (joined_file *)base;
    int written = flush(f);
    if (written != SQLITE_OK && (flags & SQLITE_SHM_LOCK)) return written;
    return REAL(f)->xShmLock(f->file, offset, count, flags);
}

static void joined_shm_barrier(sqlite3_file *base) {
    joined_file *f = (joined_file *)base;
    REAL(f)->xShmBarrier(f->file);
}

static int joined_shm_unmap(sqlite3_file *base, int is_last) {
    joined_file *f = (joined_file *)base;
    return REAL(f)->xShmUnmap(f->file, is_last);
}

/* Version 2, without xFetch: no page is read past the kept writes through a memory map. */
static const sqlite3_io_methods joined_methods = {
    .iVersion = 2,
    .xClose = joined_close,
    .xRead = joined_read,
    .xWrite = joined_write,
    .xTruncate = joined_truncate,
    .xSync = joined_sync,
    .xFileSize = joined_size,
    .xLock = joined_lock,
    .xUnlock = joined_unlock,
    .xCheckReservedLock = joined_is_reserved,
    .xFileControl = joined_control,
    .xSectorSize = joined_sector_size,
    .xDeviceCharacteristics = joined_characteristics,
    .xShmMap = joined_shm_map,
    .xShmLock = joined_shm_lock,
    .xShmBarrier = joined_shm_barrier,
    .xShmUnmap = joined_shm_unmap,
};

static int joined_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *base, int flags, int *granted) {
    (void)vfs;
    if (!(flags & (SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_WAL))) {
        return real_vfs->xOpen(real_vfs, name, base, flags, granted);
    }
    joined_file *f = (joined_file *)base;
    memset(f, 0, sizeof *f);
    f->file = (sqlite3_file *)(f + 1);
    int result = real_vfs->xOpen(real_vfs, name, f->file, flags, granted);
    /* SQLite closes a file that has methods, even after a failure. */
    if (f->file->pMethods != NULL) f->base.pMethods = &joined_methods;
    return result;
}

void joining_vfs_register(void) {
    real_vfs = sqlite3_vfs_find(NULL);
    if (real_vfs == NULL) return;
    joining_vfs = *real_vfs;
    joining_vfs.pNext = NULL;
    joining_vfs.zName = SKEIN_JOINING_VFS;
    joining_vfs.szOsFile = (int)sizeof(joined_file) + real_vfs->szOsFile;
    joining_vfs.xOpen = joined_open;
    sqlite3_vfs_register(&joining_vfs, 0);
}
