/* CAllocatorSetup.h - settings of the C library's allocator. */
#ifndef CALLOCATORSETUP_H
#define CALLOCATORSETUP_H

/* Blocks of 1 MiB and more get pages of their own, which go back to the system when they are freed. By default glibc
 * raises that limit up to 32 MiB as large blocks are freed, keeps them in its heaps, and the heaps fall to pieces: 20 to
 * 30 MiB more memory under full load, and rising. Does nothing where the environment says otherwise
 * (MALLOC_MMAP_THRESHOLD_, GLIBC_TUNABLES) or the library is another one. */
void skein_allocator_setup(void);

/* Gives the free end of this thread's heap back to the system. */
void skein_allocator_trim_thread(void);

/* Gives what is free in all heaps back to the system, but for the ends of those that other threads use now. */
void skein_allocator_trim(void);

/* Unmaps the pages of code and constants that were used so far. They stay in the system's cache of files, and come back
 * sixteen at a time when they are used again, a microsecond each time. After a start or much work most are not: what an
 * idle server uses is a small part. */
void skein_forget_code(void);

#endif
