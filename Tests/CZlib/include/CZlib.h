/* CZlib.h - zlib for the tests, in plain calls.
 *
 * The types of zlib are not shown: a dependency has them in a module of its own. */
#ifndef CZLIB_H
#define CZLIB_H

#include <stddef.h>
#include <stdint.h>

/* The formats, as windowBits of zlib. */
enum { CZLIB_BARE = -15, CZLIB_ZLIB = 15, CZLIB_GZIP = 15 + 16 };

/* Inflates the stream at the start of `body` into `plain`. Returns 1 and sets both sizes when it is whole and fits. */
int czlib_inflate(int format, const uint8_t *body, size_t length, uint8_t *plain, size_t room, size_t *read,
                  size_t *written);

/* The checksum of a gzip member. */
uint32_t czlib_crc32(const uint8_t *plain, size_t length);

/* The checksum of a zlib stream. */
uint32_t czlib_adler32(const uint8_t *plain, size_t length);

#endif
