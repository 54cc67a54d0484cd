/* allocation_count.c - see CAllocationCount.h. */
#define _GNU_SOURCE
#include "CAllocationCount.h"

#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

typedef struct {
    _Atomic int64_t thread;
    _Atomic uint64_t blocks, bytes;
} entry;

/* Each thread has an entry of its own, so that counting costs no lock; those beyond share the last. */
enum { ENTRIES = 4096 };

static entry here[ENTRIES];
static entry *_Atomic entries = here;
static _Atomic uint32_t entries_used;
static _Thread_local uint32_t mine __attribute__((tls_model("initial-exec"))); /* place + 1 */

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *block, size_t size);
void *__libc_memalign(size_t alignment, size_t size);

int64_t skein_this_thread(void) { return syscall(SYS_gettid); }

void skein_give_back_memory(void) { malloc_trim(0); }

static entry *entry_of_thread(void) {
    entry *all = atomic_load_explicit(&entries, memory_order_relaxed);
    if (mine == 0) {
        uint32_t place = atomic_fetch_add_explicit(&entries_used, 1, memory_order_relaxed);
        if (place >= ENTRIES) place = ENTRIES - 1;
        mine = place + 1;
    }
    entry *own = &all[mine - 1];
    if (atomic_load_explicit(&own->thread, memory_order_relaxed) == 0) {
        atomic_store_explicit(&own->thread, skein_this_thread(), memory_order_relaxed);
    }
    return own;
}

static void add(_Atomic uint64_t *sum, uint64_t value) {
    if (mine == ENTRIES) {
        atomic_fetch_add_explicit(sum, value, memory_order_relaxed);
    } else {
        uint64_t before = atomic_load_explicit(sum, memory_order_relaxed);
        atomic_store_explicit(sum, before + value, memory_order_relaxed);
    }
}

static void count(size_t size) {
    entry *own = entry_of_thread();
    add(&own->blocks, 1);
    add(&own->bytes, size);
}

uint64_t skein_allocations_of(int64_t thread) {
    entry *all = atomic_load_explicit(&entries, memory_order_relaxed);
    uint64_t blocks = 0;
    for (uint32_t i = 0; i < ENTRIES; i++) {
        int64_t owner = atomic_load_explicit(&all[i].thread, memory_order_relaxed);
        if (thread == 0 || owner == thread) blocks += atomic_load_explicit(&all[i].blocks, memory_order_relaxed);
    }
    return blocks;
}

__attribute__((constructor)) static void keep_in_file(void) {
    const char *path = getenv("SKEIN_ALLOCATIONS");
    if (path == NULL) return;
    int file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (file < 0) return;
    if (ftruncate(file, sizeof here) == 0) {
        void *shared = mmap(NULL, sizeof here, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
        if (shared != MAP_FAILED) atomic_store_explicit(&entries, shared, memory_order_relaxed);
    }
    close(file);
}

void *malloc(size_t size) {
    count(size);
    return __libc_malloc(size);
}

void *calloc(size_t number, size_t size) {
    count(number * size);
    return __libc_calloc(number, size);
}

void *realloc(void *block, size_t size) {
    count(size);
    return __libc_realloc(block, size);
}

void *memalign(size_t alignment, size_t size) {
    count(size);
    return __libc_memalign(alignment, size);
}

void *aligned_alloc(size_t alignment, size_t size) { return memalign(alignment, size); }

int posix_memalign(void **result, size_t alignment, size_t size) {
    if (alignment % sizeof(void *) != 0 || (alignment & (alignment - 1)) != 0) return EINVAL;
    void *made = memalign(alignment, size);
    if (made == NULL) return ENOMEM;
    *result = made;
    return 0;
}
