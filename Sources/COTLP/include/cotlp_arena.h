/* cotlp_arena.h - a bump arena for protobuf-c.
 *
 * protobuf-c allocates every message, list and byte string on its own; from an arena that is a pointer bump, and
 * giving it all back is one assignment. An arena serves one thread at a time. */
#ifndef COTLP_ARENA_H
#define COTLP_ARENA_H

#include <protobuf-c/protobuf-c.h>
#include <stddef.h>

typedef struct cotlp_arena cotlp_arena;

/* Makes an arena that hands out at most `limit` bytes between two resets. NULL when memory is short. */
cotlp_arena *cotlp_arena_new(size_t limit);

/* Gives all memory back. Accepts NULL. */
void cotlp_arena_free(cotlp_arena *arena);

/* Forgets everything handed out and sets a new limit. Keeps one chunk for the next use. */
void cotlp_arena_reset(cotlp_arena *arena, size_t limit);

/* The allocator to pass to protobuf-c. Its alloc returns NULL past the limit, which makes unpack fail cleanly. */
ProtobufCAllocator *cotlp_arena_allocator(cotlp_arena *arena);

/* Whether an allocation was refused since the last reset. */
int cotlp_arena_exhausted(const cotlp_arena *arena);

#endif
