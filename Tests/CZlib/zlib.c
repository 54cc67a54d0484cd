/* zlib.c - see CZlib.h. */
#include <zlib.h>

#include "CZlib.h"

int czlib_inflate(int format, const uint8_t *body, size_t length, uint8_t *plain, size_t room, size_t *read,
                  size_t *written) {
    z_stream stream = {0};
    if (inflateInit2(&stream, format) != Z_OK) return 0;
    stream.next_in = (uint8_t *)body;
    stream.avail_in = (uInt)length;
    stream.next_out = plain;
    stream.avail_out = (uInt)room;
    int result = inflate(&stream, Z_FINISH);
    *read = length - stream.avail_in;
    *written = room - stream.avail_out;
    inflateEnd(&stream);
    return result == Z_STREAM_END;
}

uint32_t czlib_crc32(const uint8_t *plain, size_t length) { return (uint32_t)crc32(0, plain, (uInt)length); }

uint32_t czlib_adler32(const uint8_t *plain, size_t length) { return (uint32_t)adler32(1, plain, (uInt)length); }
