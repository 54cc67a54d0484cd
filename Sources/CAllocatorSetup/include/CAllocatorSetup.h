/* CAllocatorSetup.h - settings of the C library's allocator. */
#ifndef CALLOCATORSETUP_H
#define CALLOCATORSETUP_H

/* Blocks of 1 MiB and more get pages of their own, which go back to the system when they are freed. By default glibc
 * raises that limit up to 32 MiB as large blocks are freed, keeps them in its heaps, and the heaps fall to pieces: 20 to
 * 30 MiB more memory under full load, and rising. Does nothing where the environment says otherwise
 * (MALLOC_MMAP_THRESHOLD_, GLIBC_TUNABLES) or the library is another one. */
void skein_allocator_setup(void);

#endif
