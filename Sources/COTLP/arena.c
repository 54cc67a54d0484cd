/* arena.c - see cotlp_arena.h. */
#include "cotlp_arena.h"

#include <stdint.h>
#include <stdlib.h>

enum { FIRST_CHUNK = 256 * 1024, KEPT_CHUNK = 2 * 1024 * 1024 };

typedef struct chunk {
    struct chunk *older;
    size_t size;
    /* The bytes follow, aligned for any type. */
    _Alignas(max_align_t) unsigned char bytes[];
} chunk;

struct cotlp_arena {
    ProtobufCAllocator allocator;
    chunk *newest;
    unsigned char *next;
    unsigned char *end;
    size_t handed_out;
    size_t limit;
    int exhausted;
};

static void open_chunk(cotlp_arena *arena, chunk *fresh) {
    arena->newest = fresh;
    arena->next = fresh->bytes;
    arena->end = fresh->bytes + fresh->size;
}

static void *grow(cotlp_arena *arena, size_t size) {
    size_t wanted = arena->newest ? arena->newest->size * 2 : FIRST_CHUNK;
    if (wanted > KEPT_CHUNK) wanted = KEPT_CHUNK;
    if (wanted < size) wanted = size;
    chunk *fresh = malloc(sizeof(chunk) + wanted);
    if (!fresh) return NULL;
    fresh->older = arena->newest;
    fresh->size = wanted;
    open_chunk(arena, fresh);
    void *result = arena->next;
    arena->next += size;
    return result;
}

static void *arena_alloc(void *data, size_t size) {
    cotlp_arena *arena = data;
    const size_t align = sizeof(max_align_t) > 16 ? 16 : sizeof(max_align_t);
    if (size > SIZE_MAX - align) goto refuse;
    size = (size + align - 1) & ~(align - 1);
    if (size > arena->limit - arena->handed_out) goto refuse;
    arena->handed_out += size;
    if (size <= (size_t)(arena->end - arena->next)) {
        void *result = arena->next;
        arena->next += size;
        return result;
    }
    void *result = grow(arena, size);
    if (result) return result;
refuse:
    arena->exhausted = 1;
    return NULL;
}

static void arena_release(void *data, void *pointer) {
    (void)data;
    (void)pointer;
}

cotlp_arena *cotlp_arena_new(size_t limit) {
    cotlp_arena *arena = calloc(1, sizeof(cotlp_arena));
    if (!arena) return NULL;
    arena->allocator.alloc = arena_alloc;
    arena->allocator.free = arena_release;
    arena->allocator.allocator_data = arena;
    arena->limit = limit;
    return arena;
}

void cotlp_arena_free(cotlp_arena *arena) {
    if (!arena) return;
    for (chunk *each = arena->newest; each;) {
        chunk *older = each->older;
        free(each);
        each = older;
    }
    free(arena);
}

void cotlp_arena_reset(cotlp_arena *arena, size_t limit) {
    chunk *kept = NULL;
    for (chunk *each = arena->newest; each;) {
        chunk *older = each->older;
        if (!kept && each->size <= KEPT_CHUNK) {
            kept = each;
        } else {
            free(each);
        }
        each = older;
    }
    arena->newest = NULL;
    arena->next = arena->end = NULL;
    if (kept) {
        kept->older = NULL;
        open_chunk(arena, kept);
    }
    arena->handed_out = 0;
    arena->limit = limit;
    arena->exhausted = 0;
}

ProtobufCAllocator *cotlp_arena_allocator(cotlp_arena *arena) { return &arena->allocator; }

int cotlp_arena_exhausted(const cotlp_arena *arena) { return arena->exhausted; }
