/* small_memory.c - an allocator for SQLite that keeps small blocks on the threads that need many.
 *
 * Debian builds SQLite without its own cache of small blocks (lookaside), and the full text index takes one block from
 * malloc for each word of a transaction. On threads that ask for it (skein_sqlite_keep_memory) blocks of up to 512 bytes
 * come from slabs and go back to lists of the thread, without a lock. All others are malloc's.
 *
 * A slab is never given back: a thread holds what its largest transaction needed. A block of a slab that another thread
 * frees goes to a list for all, which the next thread that runs out takes as a whole; so do the lists of a thread that ends.
 */
#include "small_memory.h"

#include <pthread.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "CSQLiteSetup.h"

/* In front of each block: the bytes behind it, and which list it belongs to; 0 for a block of malloc. */
typedef struct header {
    uint32_t size;
    uint32_t list;
} header;

typedef struct free_block {
    struct free_block *next;
    uint32_t list;
} free_block;

enum { STEP = 32, LARGEST = 512, LISTS = LARGEST / STEP + 1, SLAB = 64 * 1024 };

/* SQLite wants blocks that are aligned to eight bytes. */
_Static_assert(sizeof(header) == 8, "the header keeps the alignment");
_Static_assert(STEP - sizeof(header) >= sizeof(free_block), "a free block fits into the smallest");

static _Thread_local int keeps;
static _Thread_local free_block *lists[LISTS];
static _Thread_local unsigned char *slab;
static _Thread_local size_t slab_left;
static _Atomic(free_block *) returned;

static header *header_of(void *block) { return (header *)block - 1; }

/* Takes what other threads have freed. */
static void take_returned(void) {
    free_block *block = atomic_exchange_explicit(&returned, NULL, memory_order_acquire);
    while (block != NULL) {
        free_block *next = block->next;
        block->next = lists[block->list];
        lists[block->list] = block;
        block = next;
    }
}

/* Gives a chain of blocks to whoever needs them. */
static void give_back(free_block *first, free_block *last) {
    last->next = atomic_load_explicit(&returned, memory_order_relaxed);
    while (!atomic_compare_exchange_weak_explicit(&returned, &last->next, first, memory_order_release,
                                                  memory_order_relaxed)) {
    }
}

/* When a keeping thread ends. */
static void stop_keeping(void *unused) {
    (void)unused;
    keeps = 0;
    for (uint32_t list = 0; list < LISTS; list++) {
        free_block *last = lists[list];
        if (last == NULL) continue;
        while (last->next != NULL) last = last->next;
        give_back(lists[list], last);
        lists[list] = NULL;
    }
}

static void *take_small(uint32_t list) {
    if (lists[list] == NULL && atomic_load_explicit(&returned, memory_order_relaxed) != NULL) take_returned();
    free_block *block = lists[list];
    if (block != NULL) {
        lists[list] = block->next;
        return block;
    }
    size_t bytes = (size_t)list * STEP;
    if (slab_left < bytes) {
        unsigned char *fresh = malloc(SLAB);
        if (fresh == NULL) return NULL;
        slab = fresh;
        slab_left = SLAB;
    }
    header *made = (header *)slab;
    slab += bytes;
    slab_left -= bytes;
    made->size = (uint32_t)(bytes - sizeof(header));
    made->list = list;
    return made + 1;
}

static void *memory_malloc(int size) {
    if (size <= 0) return NULL;
    size_t bytes = (size_t)size + sizeof(header);
    if (keeps && bytes <= LARGEST) return take_small((uint32_t)((bytes + STEP - 1) / STEP));
    header *made = malloc(bytes);
    if (made == NULL) return NULL;
    made->size = (uint32_t)size;
    made->list = 0;
    return made + 1;
}

static void memory_free(void *block) {
    if (block == NULL) return;
    uint32_t list = header_of(block)->list;
    if (list == 0) {
        free(header_of(block));
        return;
    }
    free_block *freed = block;
    freed->list = list;
    if (keeps) {
        freed->next = lists[list];
        lists[list] = freed;
    } else {
        give_back(freed, freed);
    }
}

static int memory_size(void *block) { return block == NULL ? 0 : (int)header_of(block)->size; }

static void *memory_realloc(void *block, int size) {
    header *old = header_of(block);
    if (old->list == 0) {
        header *made = realloc(old, (size_t)size + sizeof(header));
        if (made == NULL) return NULL;
        made->size = (uint32_t)size;
        return made + 1;
    }
    if ((uint32_t)size <= old->size) return block;
    void *made = memory_malloc(size);
    if (made == NULL) return NULL;
    memcpy(made, block, old->size);
    memory_free(block);
    return made;
}

static int memory_roundup(int size) { return (size + 7) & ~7; }

static int memory_init(void *unused) {
    (void)unused;
    return SQLITE_OK;
}

static void memory_shutdown(void *unused) { (void)unused; }

void small_memory_install(void) {
    static const sqlite3_mem_methods methods = {
        memory_malloc, memory_free, memory_realloc, memory_size, memory_roundup, memory_init, memory_shutdown, NULL,
    };
    sqlite3_config(SQLITE_CONFIG_MALLOC, &methods);
}

static pthread_key_t ending;

static void make_key(void) { pthread_key_create(&ending, stop_keeping); }

void skein_sqlite_keep_memory(void) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, make_key);
    keeps = 1;
    /* The destructor of the key runs for threads that have a value. */
    pthread_setspecific(ending, &keeps);
}
