/* gunzip.c - see CGunzip.h. */
#include <stdlib.h>
#include <zlib.h>

#include "CGunzip.h"

struct skein_gunzip {
    z_stream stream;
};

skein_gunzip *skein_gunzip_new(void) {
    skein_gunzip *reader = calloc(1, sizeof *reader);
    if (reader && inflateInit2(&reader->stream, 15 + 16) != Z_OK) {
        free(reader);
        return NULL;
    }
    return reader;
}

void skein_gunzip_free(skein_gunzip *reader) {
    if (!reader) return;
    inflateEnd(&reader->stream);
    free(reader);
}

int skein_gunzip_next(skein_gunzip *reader, const uint8_t *body, size_t length, size_t *read, uint8_t *plain,
                      size_t room, size_t *written) {
    z_stream *stream = &reader->stream;
    stream->next_in = (uint8_t *)body;
    stream->avail_in = (uInt)length;
    stream->next_out = plain;
    stream->avail_out = (uInt)room;
    int result = inflate(stream, Z_NO_FLUSH);
    *read = length - stream->avail_in;
    *written = room - stream->avail_out;
    if (result == Z_STREAM_END) return inflateReset(stream) == Z_OK ? 1 : -1;
    /* Z_BUF_ERROR only says that nothing could be done without more bytes. */
    return result == Z_OK || result == Z_BUF_ERROR ? 0 : -1;
}
