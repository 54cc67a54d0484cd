#define ZDICT_STATIC_LINKING_ONLY
#include <zdict.h>
#include <zstd.h>
