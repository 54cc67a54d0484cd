/* small_memory.c - an allocator for SQLite that keeps small blocks on the threads that need many.
 *
 * Debian builds SQLite without its own cache of small blocks (lookaside), and the full text index takes one block from
 * malloc for each word of a transaction. On threads that ask for it (skein_sqlite_keep_memory) blocks of up to 512 bytes
 * come from slabs and go back to lists of the thread, without a lock. All others are malloc's.
 *
 * A thread holds what its largest transaction needed until it asks for slabs without blocks in use to be given back
 * (skein_sqlite_release_memory). A block of a slab that another thread frees goes to a list for all, which the next thread
 * that runs out takes as a whole; so do the lists of a thread that ends, whose slabs stay.
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
/* Where the next block is cut from: in the last of `slabs`; NULL when that is given back. */
static _Thread_local unsigned char *slab;
static _Thread_local size_t slab_left;
/* The slabs of this thread. */
static _Thread_local unsigned char **slabs;
static _Thread_local size_t slab_count, slab_room;
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
    free(slabs);
    slabs = NULL;
    slab_count = slab_room = 0;
}

/* A new slab to cut from; 0 when there is no memory. */
static int add_slab(void) {
    if (slab_count == slab_room) {
        size_t room = slab_room == 0 ? 16 : slab_room * 2;
        unsigned char **more = realloc(slabs, room * sizeof *more);
        if (more == NULL) return 0;
        slabs = more;
        slab_room = room;
    }
    unsigned char *fresh = calloc(1, SLAB);
    if (fresh == NULL) return 0;
    slabs[slab_count++] = fresh;
    slab = fresh;
    slab_left = SLAB;
    return 1;
}

static void *take_small(uint32_t list) {
    if (lists[list] == NULL && atomic_load_explicit(&returned, memory_order_relaxed) != NULL) take_returned();
    free_block *block = lists[list];
    if (block != NULL) {
        lists[list] = block->next;
        return block;
    }
    size_t bytes = (size_t)list * STEP;
    if (slab_left < bytes && !add_slab()) return NULL;
    header *made = (header *)slab;
    slab += bytes;
    slab_left -= bytes;
    made->size = (uint32_t)(bytes - sizeof(header));
    made->list = list;
    return made + 1;
}

/* A slab as it is looked at: how many of its bytes were cut into blocks, and how many of those are free. */
typedef struct looked_at {
    unsigned char *start;
    size_t cut, unused;
} looked_at;

static int by_address(const void *left, const void *right) {
    const unsigned char *a = ((const looked_at *)left)->start, *b = ((const looked_at *)right)->start;
    return (a > b) - (a < b);
}

/* The slab that a block lies in; NULL when it is another thread's. */
static looked_at *slab_of(const void *block, looked_at *all, size_t count) {
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (all[middle].start <= (const unsigned char *)block) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    if (low == 0) return NULL;
    looked_at *found = &all[low - 1];
    return (size_t)((const unsigned char *)block - found->start) < SLAB ? found : NULL;
}

/* The slabs of this thread by address, with what was cut of each; NULL when there is no memory. */
static looked_at *look_at_slabs(void) {
    looked_at *all = malloc(slab_count * sizeof *all);
    if (all == NULL) return NULL;
    unsigned char *last = slab != NULL ? slabs[slab_count - 1] : NULL;
    for (size_t i = 0; i < slab_count; i++) {
        all[i] = (looked_at){slabs[i], 0, 0};
        unsigned char *at = slabs[i], *end = at == last ? slab : at + SLAB;
        /* Blocks lie side by side. What is behind them was too little for the next one, and is zero. */
        while (end - at >= STEP && ((header *)at)->list != 0) {
            size_t bytes = (size_t)((header *)at)->list * STEP;
            all[i].cut += bytes;
            at += bytes;
        }
    }
    qsort(all, slab_count, sizeof *all, by_address);
    return all;
}

/* Takes the blocks of slabs without any in use out of the lists. */
static void drop_unused(looked_at *all) {
    for (uint32_t list = 0; list < LISTS; list++) {
        for (free_block *block = lists[list]; block != NULL; block = block->next) {
            looked_at *home = slab_of(block, all, slab_count);
            if (home != NULL) home->unused += (size_t)list * STEP;
        }
    }
    for (uint32_t list = 0; list < LISTS; list++) {
        free_block **link = &lists[list];
        while (*link != NULL) {
            looked_at *home = slab_of(*link, all, slab_count);
            if (home != NULL && home->unused == home->cut) {
                *link = (*link)->next;
            } else {
                link = &(*link)->next;
            }
        }
    }
}

size_t skein_sqlite_release_memory(void) {
    if (!keeps || slab_count == 0) return 0;
    take_returned();
    looked_at *all = look_at_slabs();
    if (all == NULL) return 0;
    drop_unused(all);
    unsigned char *last = slab != NULL ? slabs[slab_count - 1] : NULL;
    size_t kept = 0, released = 0;
    for (size_t i = 0; i < slab_count; i++) {
        if (all[i].unused < all[i].cut) {
            if (all[i].start != last) slabs[kept++] = all[i].start;
            continue;
        }
        if (all[i].start == last) {
            slab = last = NULL;
            slab_left = 0;
        }
        free(all[i].start);
        released += SLAB;
    }
    /* The one that blocks are cut from stays the last. */
    if (last != NULL) slabs[kept++] = last;
    slab_count = kept;
    free(all);
    return released;
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
