/* CAllocatorSetup.c - settings of the C library's allocator. */
#include "CAllocatorSetup.h"

#include <stdlib.h>

#ifdef __GLIBC__
#include <malloc.h>

void skein_allocator_setup(void) {
    if (getenv("MALLOC_MMAP_THRESHOLD_") || getenv("GLIBC_TUNABLES")) return;
    mallopt(M_MMAP_THRESHOLD, 1 << 20);
    /* Setting the one stops glibc from raising the other by itself; its default of 128 KiB would give memory back and
     * fetch it again all the time. */
    mallopt(M_TRIM_THRESHOLD, 16 << 20);
}
#else
void skein_allocator_setup(void) {}
#endif
