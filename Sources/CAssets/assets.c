/* assets.c - see CAssets.h. */
#include "CAssets.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

static const char schema_sql[] = {
#embed "Assets/schema.sql"
    , 0};

static const unsigned char span_dictionary[] = {
#embed "Assets/spans.dict"
};

const char *skein_schema_sql(void) { return schema_sql; }

const unsigned char *skein_span_dictionary(size_t *size) {
    *size = sizeof(span_dictionary);
    return span_dictionary;
}
