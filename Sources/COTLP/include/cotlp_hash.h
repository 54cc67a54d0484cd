/* cotlp_hash.h - the 64-bit hash that identifies span versions, resources and scopes. */
#ifndef COTLP_HASH_H
#define COTLP_HASH_H

#include <stddef.h>
#include <stdint.h>

/* Hashes `length` bytes. Stored in databases: its result for given bytes and seed never changes. Not for secrets. */
uint64_t cotlp_hash64(const void *bytes, size_t length, uint64_t seed);

#endif
