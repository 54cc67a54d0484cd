/* web.c - the files of the web page, see CAssets.h. */
#include "CAssets.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

#include "web_files.h"

const skein_web_file *skein_web_files(size_t *count) {
    *count = sizeof(web_files) / sizeof(web_files[0]);
    return web_files;
}

const skein_web_page *skein_web_pages(size_t *count) {
    *count = sizeof(web_pages) / sizeof(web_pages[0]);
    return web_pages;
}
