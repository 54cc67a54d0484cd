/* CAssets.h - files that are part of the binary, embedded at compile time with C23 #embed. */
#ifndef CASSETS_H
#define CASSETS_H

#include <stddef.h>

/* The database schema: SQL text, NUL-terminated. */
const char *skein_schema_sql(void);

/* The zstd dictionary for spans, trained by scripts/train_dictionary.py. */
const unsigned char *skein_span_dictionary(size_t *size);

/* The price file, as docs/prices.md describes it. */
const unsigned char *skein_prices_json(size_t *size);

/* What is served over HTTP, as OpenAPI 3.1. */
const unsigned char *skein_openapi_json(size_t *size);

/* A file of the web page. */
typedef struct {
    const char *path; /* such as js/dom.js */
    const char *type; /* the media type */
    const unsigned char *bytes;
    size_t size;
} skein_web_file;

/* A path at which people may arrive. */
typedef struct {
    const char *path;    /* a name with a colon for any step, such as /traces/:trace_id */
    const char *modules; /* what is needed to show it, a path below Assets/web in each line */
} skein_web_page;

/* The files of the web page, by path; scripts/web_files.py writes their table. */
const skein_web_file *skein_web_files(size_t *count);

/* The pages, by scripts/web_files.py from js/routes.js. */
const skein_web_page *skein_web_pages(size_t *count);

#endif
