/* CAllocatorSetup.c - settings of the C library's allocator. */
#define _GNU_SOURCE
#include "CAllocatorSetup.h"

#include <stdlib.h>

#ifdef __GLIBC__
#include <malloc.h>
#include <pthread.h>

enum { TRIM_THRESHOLD = 16 << 20, REST_THRESHOLD = 64 << 10, LARGE = 256 << 10, THREADS = 4 };

static int is_set_up;

void skein_allocator_setup(void) {
    if (getenv("MALLOC_MMAP_THRESHOLD_") || getenv("GLIBC_TUNABLES")) return;
    mallopt(M_MMAP_THRESHOLD, 1 << 20);
    /* Setting the one stops glibc from raising the other by itself; its default of 128 KiB would give memory back and
     * fetch it again all the time. */
    mallopt(M_TRIM_THRESHOLD, TRIM_THRESHOLD);
    is_set_up = 1;
}

/* malloc_trim leaves the end of each heap but the first as it is. It goes back when a large block is freed while it is
 * longer than the threshold, which all threads share: one at a time changes it. */
void skein_allocator_trim_thread(void) {
    if (!is_set_up) return;
    static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;
    pthread_mutex_lock(&turn);
    mallopt(M_TRIM_THRESHOLD, REST_THRESHOLD);
    void *volatile block = malloc(LARGE);
    free(block);
    mallopt(M_TRIM_THRESHOLD, TRIM_THRESHOLD);
    pthread_mutex_unlock(&turn);
}

static void *trim_as_thread(void *turn) {
    skein_allocator_trim_thread();
    /* Until all have begun: one that ended would leave its heap to the next. */
    pthread_mutex_lock(turn);
    pthread_mutex_unlock(turn);
    return NULL;
}

/* A new thread takes the heap of one that has ended: workers end when there is nothing to do. */
static void trim_heaps_of_ended_threads(void) {
    static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;
    pthread_t threads[THREADS];
    int count = 0;
    pthread_mutex_lock(&turn);
    while (count < THREADS && pthread_create(&threads[count], NULL, trim_as_thread, &turn) == 0) count++;
    pthread_mutex_unlock(&turn);
    for (int i = 0; i < count; i++) pthread_join(threads[i], NULL);
}

void skein_allocator_trim(void) {
    if (is_set_up) trim_heaps_of_ended_threads();
    malloc_trim(0);
}
#else
void skein_allocator_setup(void) {}
void skein_allocator_trim_thread(void) {}
void skein_allocator_trim(void) {}
#endif

#ifdef __linux__
#include <link.h>
#include <sys/mman.h>
#include <unistd.h>

/* Whether the loader wrote into segments that are not writable. */
static int has_text_relocations(const struct dl_phdr_info *object) {
    for (int i = 0; i < object->dlpi_phnum; i++) {
        if (object->dlpi_phdr[i].p_type != PT_DYNAMIC) continue;
        const ElfW(Dyn) *entry = (const ElfW(Dyn) *)(object->dlpi_addr + object->dlpi_phdr[i].p_vaddr);
        for (; entry->d_tag != DT_NULL; entry++) {
            if (entry->d_tag == DT_TEXTREL || (entry->d_tag == DT_FLAGS && (entry->d_un.d_val & DF_TEXTREL))) return 1;
        }
    }
    return 0;
}

/* A segment that is not writable is as it is in the file: nothing is lost. */
static int forget_object(struct dl_phdr_info *object, size_t size, void *unused) {
    (void)size;
    (void)unused;
    if (has_text_relocations(object)) return 0;
    uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    for (int i = 0; i < object->dlpi_phnum; i++) {
        const ElfW(Phdr) *segment = &object->dlpi_phdr[i];
        if (segment->p_type != PT_LOAD || (segment->p_flags & PF_W)) continue;
        uintptr_t start = (object->dlpi_addr + segment->p_vaddr) & ~(page - 1);
        uintptr_t end = (object->dlpi_addr + segment->p_vaddr + segment->p_filesz) & ~(page - 1);
        if (end > start) madvise((void *)start, end - start, MADV_DONTNEED);
    }
    return 0;
}

void skein_forget_code(void) { dl_iterate_phdr(forget_object, NULL); }
#else
void skein_forget_code(void) {}
#endif
