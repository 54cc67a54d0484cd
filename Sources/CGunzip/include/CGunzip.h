/* CGunzip.h - gzip files piece by piece, in plain calls.
 *
 * The types of zlib are not shown: a dependency has them in a module of its own. */
#ifndef CGUNZIP_H
#define CGUNZIP_H

#include <stddef.h>
#include <stdint.h>

typedef struct skein_gunzip skein_gunzip;

/* A reader of one or more gzip members; NULL without memory. */
skein_gunzip *skein_gunzip_new(void);
void skein_gunzip_free(skein_gunzip *reader);

/* Inflates from `body` into `plain`, and sets how much was read and written. Returns 1 when a member has just ended,
 * 0 when there is more to come, -1 when the bytes are no gzip. */
int skein_gunzip_next(skein_gunzip *reader, const uint8_t *body, size_t length, size_t *read, uint8_t *plain,
                      size_t room, size_t *written);

#endif
