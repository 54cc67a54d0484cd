/* compressor.c - parts compressed with the parameters of Sources/SQLiteStore/Parts/ZstdCodec.swift, and dictionaries
 * trained with those of DictionaryBook.swift beside it. */
#define ZSTD_STATIC_LINKING_ONLY
#define ZDICT_STATIC_LINKING_ONLY
#include <string.h>
#include <zdict.h>

#include "limit.h"

enum { SAMPLE_BYTES = 16 * 1024, DICTIONARY_BYTES = 1024 * 1024 };

void add_plain(compressor *c, const uint8_t *bytes, const cotlp_span *slice) {
    c->plain = grown(c->plain, &c->plain_room, c->plain_length + slice->length + 5, 1);
    uint32_t rest = slice->length;
    for (; rest > 127; rest >>= 7) c->plain[c->plain_length++] = (uint8_t)(rest & 127) | 128;
    c->plain[c->plain_length++] = (uint8_t)rest;
    memcpy(c->plain + c->plain_length, bytes + slice->offset, slice->length);
    c->plain_length += slice->length;
}

static void keep_sample(compressor *c) {
    if (c->samples == NULL || c->sample_count == sizeof c->sample_sizes / sizeof *c->sample_sizes) return;
    size_t length = c->plain_length < SAMPLE_BYTES ? c->plain_length : SAMPLE_BYTES;
    memcpy(c->samples + c->samples_length, c->plain, length);
    c->samples_length += length;
    c->sample_sizes[c->sample_count++] = length;
}

const uint8_t *pack(compressor *c, size_t *length, int64_t *dictionary) {
    keep_sample(c);
    c->packed = grown(c->packed, &c->packed_room, c->plain_length, 1);
    ZSTD_CDict *digested = c->own != NULL ? c->own : c->shipped;
    if (digested != NULL) {
        ZSTD_CCtx_setParameter(c->context, ZSTD_c_experimentalParam4, ZSTD_dictForceAttach);
        ZSTD_CCtx_refCDict(c->context, digested);
    } else {
        ZSTD_CCtx_setParameter(c->context, ZSTD_c_compressionLevel, c->level);
    }
    size_t packed = ZSTD_compress2(c->context, c->packed, c->plain_length, c->plain, c->plain_length);
    int pays = !ZSTD_isError(packed) && packed < c->plain_length;
    *length = pays ? packed : c->plain_length;
    *dictionary = digested == NULL ? 0 : c->own != NULL ? c->own_id : c->shipped_id;
    c->plain_length = 0;
    return pays ? c->packed : c->plain;
}

file train(compressor *c, int level) {
    file made = {malloc(DICTIONARY_BYTES), 0};
    ZDICT_fastCover_params_t parameters = {.k = 500, .d = 8, .f = 20, .accel = 5};
    parameters.zParams.compressionLevel = level != 0 ? level : 1;
    made.length = ZDICT_trainFromBuffer_fastCover(made.bytes, DICTIONARY_BYTES, c->samples, c->sample_sizes,
                                                  (unsigned)c->sample_count, parameters);
    if (ZDICT_isError(made.length)) die("too few bodies to train a dictionary with: more with --warm");
    return made;
}

ZSTD_CDict *digest(file dictionary, int is_own, int level) {
    ZSTD_compressionParameters parameters = ZSTD_getCParams(level != 0 ? level : is_own ? 1 : 3, 0, dictionary.length);
    if (is_own && level == 0) {
        parameters.hashLog = 17;
        parameters.minMatch = 7;
        parameters.targetLength = 1;
    }
    ZSTD_CDict *made = ZSTD_createCDict_advanced(dictionary.bytes, dictionary.length, ZSTD_dlm_byCopy, ZSTD_dct_auto,
                                                 parameters, (ZSTD_customMem){0});
    if (made == NULL) die("no memory for a dictionary");
    return made;
}
