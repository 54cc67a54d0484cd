/* assets.c - see CAssets.h. */
#include "CAssets.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

static const char schema_sql[] = {
#embed "Assets/schema.sql"
    , 0};

static const unsigned char span_dictionary[] = {
#embed "Assets/spans.dict"
};

static const unsigned char prices_json[] = {
#embed "Assets/prices.json"
};

static const unsigned char openapi_json[] = {
#embed "Assets/openapi.json"
};

const char *skein_schema_sql(void) { return schema_sql; }

const unsigned char *skein_span_dictionary(size_t *size) {
    *size = sizeof(span_dictionary);
    return span_dictionary;
}

const unsigned char *skein_prices_json(size_t *size) {
    *size = sizeof(prices_json);
    return prices_json;
}

const unsigned char *skein_openapi_json(size_t *size) {
    *size = sizeof(openapi_json);
    return openapi_json;
}
