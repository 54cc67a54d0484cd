/* The static-linking parts used are long stable: dictionary training, parameters of a digested dictionary, attaching. */
#define ZDICT_STATIC_LINKING_ONLY
#define ZSTD_STATIC_LINKING_ONLY
#include <zdict.h>
#include <zstd.h>
