/* limit.c - how fast ingest can be: bodies scanned, decoded with protobuf-c into an arena, compressed as the product
 * does it, and inserted into its schema with its pragmas and commits. Nothing else: no network, no reading of what the
 * attributes mean, no prices, no counting once, no statistics, no zones. One thread, so that its CPU is all there is;
 * the product spreads the same work over several. Figures of the product are told as a ratio to it.
 *
 *   limit [--assets DIR] [--data DIR] [--bodies N] [--warm N] [--per-commit N] [--dictionary own|shipped|none]
 *         [--level N] SET
 *
 * SET is a directory of scripts/tools/otlp_load.py. The first bodies (--warm) are stored before the clock starts; a
 * dictionary is trained from them, as the product trains one. --level takes another zstd level than the product's.
 * Prints one JSON object. scripts/bench_limit.sh builds it and runs it.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "limit.h"

/* A part holds at most so many bytes before compression, unless one span is larger. */
enum { MOST_PLAIN = 1 << 20, MOST_BODIES = 100000 };

typedef struct {
    const char *assets, *data, *set, *dictionary;
    int bodies, warm, per_commit, level;
} options;

typedef struct {
    options options;
    grouping grouping;
    compressor compressor;
    rows rows;
    int open_bodies;
    uint64_t spans, payload_bytes;
    int64_t spent[STAGES];
} limit;

void die(const char *what) {
    fprintf(stderr, "limit: %s%s%s\n", what, errno ? ": " : "", errno ? strerror(errno) : "");
    exit(1);
}

void *grown(void *memory, size_t *room, size_t wanted, size_t size) {
    if (wanted <= *room) return memory;
    while (*room < wanted) *room = *room ? *room * 2 : 64;
    void *made = realloc(memory, *room * size);
    if (made == NULL) die("no memory");
    return made;
}

int64_t nanoseconds(int clock) {
    struct timespec time;
    clock_gettime(clock, &time);
    return time.tv_sec * INT64_C(1000000000) + time.tv_nsec;
}

file read_file(const char *path) {
    struct stat status;
    int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    if (descriptor < 0 || fstat(descriptor, &status) != 0) die(path);
    file result = {malloc((size_t)status.st_size + 1), (size_t)status.st_size};
    for (size_t done = 0; done < result.length;) {
        ssize_t count = read(descriptor, result.bytes + done, result.length - done);
        if (count <= 0) die(path);
        done += (size_t)count;
    }
    result.bytes[result.length] = 0;
    close(descriptor);
    return result;
}

/* Notes the CPU time since `*since` for a stage. */
static void note(limit *l, stage stage, int64_t *since) {
    int64_t now = nanoseconds(CLOCK_THREAD_CPUTIME_ID);
    l->spent[stage] += now - *since;
    *since = now;
}

static void end_transaction(limit *l, int64_t *since) {
    if (l->open_bodies == 0) return;
    commit(&l->rows, (int64_t)l->grouping.trace_count + 1);
    l->open_bodies = 0;
    note(l, COMMIT, since);
    checkpoint(&l->rows);
    note(l, CHECKPOINT, since);
}

static void store_part(limit *l, trace *t, int first, int end, int64_t *since) {
    size_t plain_length = l->compressor.plain_length, length;
    int64_t dictionary;
    const uint8_t *packed = pack(&l->compressor, &length, &dictionary);
    note(l, COMPRESS, since);
    insert_part(&l->rows, &l->grouping, t, first, end, plain_length, packed, length, dictionary);
    l->payload_bytes += length;
}

static void store_trace(limit *l, trace *t, const uint8_t *bytes, int64_t *since) {
    int first = t->first;
    for (int i = first; i >= 0; i = l->grouping.spans[i].next) {
        const cotlp_span *slice = &l->grouping.spans[i].slice;
        if (i != first && l->compressor.plain_length + slice->length + 5 > MOST_PLAIN) {
            store_part(l, t, first, i, since);
            first = i;
        }
        add_plain(&l->compressor, bytes, slice);
    }
    store_part(l, t, first, -1, since);
    insert_trace(&l->rows, &l->grouping, t);
    note(l, INSERT, since);
}

static void store_body(limit *l, file body) {
    int64_t since = nanoseconds(CLOCK_THREAD_CPUTIME_ID);
    cotlp_scan scan = {0};
    if (cotlp_scan_request(body.bytes, body.length, &scan) != COTLP_FINE) die("a body is malformed");
    note(l, SCAN, &since);
    decode_body(&l->grouping, &scan, body.bytes);
    note(l, DECODE, &since);
    if (l->open_bodies++ == 0) begin(&l->rows);
    insert_envelopes(&l->rows, &scan);
    for (size_t i = 0; i < l->grouping.touched_count; i++) {
        store_trace(l, &l->grouping.traces[l->grouping.touched[i]], body.bytes, &since);
    }
    l->spans += scan.span_count;
    cotlp_scan_free(&scan);
    note(l, INSERT, &since);
    if (l->open_bodies == l->options.per_commit) end_transaction(l, &since);
}

static int by_name(const void *left, const void *right) { return strcmp(*(char *const *)left, *(char *const *)right); }

static file *read_set(const char *path, int most, int *count) {
    char **names = calloc(MOST_BODIES, sizeof *names), name[4096];
    DIR *directory = opendir(path);
    if (directory == NULL) die(path);
    int found = 0;
    for (struct dirent *entry; (entry = readdir(directory)) != NULL && found < MOST_BODIES;) {
        size_t length = strlen(entry->d_name);
        if (length > 3 && strcmp(entry->d_name + length - 3, ".pb") == 0) names[found++] = strdup(entry->d_name);
    }
    closedir(directory);
    qsort(names, (size_t)found, sizeof *names, by_name);
    *count = found < most ? found : most;
    file *bodies = calloc((size_t)*count + 1, sizeof *bodies);
    for (int i = 0; i < *count; i++) {
        snprintf(name, sizeof name, "%s/%s", path, names[i]);
        bodies[i] = read_file(name);
    }
    return bodies;
}

static void open_limit(limit *l) {
    char path[4096];
    snprintf(path, sizeof path, "%s/schema.sql", l->options.assets);
    file schema = read_file(path);
    snprintf(path, sizeof path, "%s/limit.db", l->options.data);
    if (access(path, F_OK) == 0) die("--data has a limit.db already");
    errno = 0;
    open_rows(&l->rows, path, (const char *)schema.bytes);
    l->grouping.arena = cotlp_arena_new(COTLP_DECODE_BASE);
    l->compressor.context = ZSTD_createCCtx();
    l->compressor.level = l->options.level != 0 ? l->options.level : 3;
    if (strcmp(l->options.dictionary, "none") == 0) return;
    snprintf(path, sizeof path, "%s/spans.dict", l->options.assets);
    file shipped = read_file(path);
    l->compressor.shipped_id = add_dictionary(&l->rows, shipped);
    l->compressor.shipped = digest(shipped, 0, l->options.level);
    if (strcmp(l->options.dictionary, "own") == 0) l->compressor.samples = malloc(384 * 16 * 1024);
}

static void warm_up(limit *l, const file *bodies) {
    for (int i = 0; i < l->options.warm; i++) store_body(l, bodies[i]);
    int64_t since = 0;
    end_transaction(l, &since);
    if (l->compressor.samples != NULL) {
        file trained = train(&l->compressor, l->options.level);
        l->compressor.own_id = add_dictionary(&l->rows, trained);
        l->compressor.own = digest(trained, 1, l->options.level);
        free(l->compressor.samples);
        l->compressor.samples = NULL;
    }
    l->spans = l->payload_bytes = 0;
    memset(l->spent, 0, sizeof l->spent);
}

static int64_t cpu_microseconds(void) {
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * INT64_C(1000000) + usage.ru_utime.tv_usec + usage.ru_stime.tv_usec;
}

static void print_figures(const limit *l, double seconds, double cpu, uint64_t body_bytes, uint64_t all_body_bytes) {
    static const char *const names[STAGES] = {"scan", "decode", "compress", "insert", "commit", "checkpoint"};
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    printf("{\"spans\": %llu, \"bytes_per_span\": %.1f, \"spans_per_s\": %.0f, \"cpu_us_per_span\": %.3f",
           (unsigned long long)l->spans, (double)body_bytes / (double)l->spans, (double)l->spans / seconds,
           cpu / (double)l->spans);
    for (int i = 0; i < STAGES; i++) printf(", \"%s_us\": %.3f", names[i], (double)l->spent[i] / 1e3 / (double)l->spans);
    printf(", \"payload_bytes_per_span\": %.1f, \"peak_mib\": %.1f}\n", (double)l->payload_bytes / (double)l->spans,
           (double)usage.ru_maxrss / 1024 - (double)all_body_bytes / 1048576);
}

static options read_options(int count, char **arguments) {
    options o = {.assets = "Sources/CAssets/Assets", .data = ".", .dictionary = "own", .bodies = MOST_BODIES, .warm = 50,
                 .per_commit = 8};
    int i = 1;
    for (; i + 1 < count && strncmp(arguments[i], "--", 2) == 0; i += 2) {
        const char *name = arguments[i] + 2, *value = arguments[i + 1];
        if (strcmp(name, "assets") == 0) o.assets = value;
        else if (strcmp(name, "data") == 0) o.data = value;
        else if (strcmp(name, "dictionary") == 0) o.dictionary = value;
        else if (strcmp(name, "bodies") == 0) o.bodies = atoi(value);
        else if (strcmp(name, "warm") == 0) o.warm = atoi(value);
        else if (strcmp(name, "per-commit") == 0) o.per_commit = atoi(value);
        else if (strcmp(name, "level") == 0) o.level = atoi(value);
        else die("unknown option; see the head of limit.c");
    }
    if (i + 1 != count) die("which set? See the head of limit.c");
    o.set = arguments[i];
    return o;
}

int main(int count, char **arguments) {
    limit l = {.options = read_options(count, arguments)};
    int bodies;
    file *set = read_set(l.options.set, l.options.bodies, &bodies);
    if (bodies <= l.options.warm) die("the set has no more bodies than --warm");
    uint64_t bytes = 0, all_bytes = 0;
    for (int i = 0; i < bodies; i++) {
        all_bytes += set[i].length;
        if (i >= l.options.warm) bytes += set[i].length;
    }
    open_limit(&l);
    warm_up(&l, set);
    int64_t begun = nanoseconds(CLOCK_MONOTONIC), cpu = cpu_microseconds(), since;
    for (int i = l.options.warm; i < bodies; i++) store_body(&l, set[i]);
    since = nanoseconds(CLOCK_THREAD_CPUTIME_ID);
    end_transaction(&l, &since);
    cpu = cpu_microseconds() - cpu;
    double seconds = (double)(nanoseconds(CLOCK_MONOTONIC) - begun) / 1e9;
    print_figures(&l, seconds, (double)cpu, bytes, all_bytes);
    return 0;
}
