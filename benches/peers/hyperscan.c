/* How fast Hyperscan finds the same patterns in the same adverts: `hyperscan FOLDER`, with the corpus.txt and
 * patterns.txt that the bench `match` writes. Prints one JSON object a line, as that bench does. One advert is one
 * call, as in a scan; time is this thread's processor time; the median of seven rounds counts.
 * Build: cc -O2 hyperscan.c -o hyperscan $(pkg-config --cflags --libs libhs) */
#include <hs.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define ROUNDS 7
#define MOST 100000

static char *corpus;
static size_t corpus_bytes;
static unsigned long long found;
static size_t last_seen[MOST];
static size_t advert;

static char *read_file(const char *folder, const char *name, size_t *bytes) {
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "rb");
    if (!file) { perror(path); exit(2); }
    fseek(file, 0, SEEK_END);
    *bytes = (size_t)ftell(file);
    rewind(file);
    char *text = malloc(*bytes + 1);
    if (!text || fread(text, 1, *bytes, file) != *bytes) { perror(path); exit(2); }
    text[*bytes] = 0;
    fclose(file);
    return text;
}

static int on_presence(unsigned int id, unsigned long long from, unsigned long long to, unsigned int flags, void *context) {
    (void)from; (void)to; (void)flags; (void)context;
    if (last_seen[id] != advert) { last_seen[id] = advert; found++; }
    return 0;
}

static int on_offsets(unsigned int id, unsigned long long from, unsigned long long to, unsigned int flags, void *context) {
    (void)id; (void)flags; (void)context;
    found += to > from;
    return 0;
}

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static int by_size(const void *one, const void *other) {
    double left = *(const double *)one, right = *(const double *)other;
    return (left > right) - (left < right);
}

static void measure(const char **expressions, unsigned *ids, unsigned count, unsigned flag, const char *asked, match_event_handler handler) {
    unsigned *flags = malloc(count * sizeof *flags);
    for (unsigned i = 0; i < count; i++) flags[i] = flag;
    hs_database_t *database = NULL;
    hs_compile_error_t *error = NULL;
    double begun = now();
    if (hs_compile_multi(expressions, flags, ids, count, HS_MODE_BLOCK, NULL, &database, &error) != HS_SUCCESS) {
        fprintf(stderr, "pattern %d: %s\n", error->expression, error->message);
        exit(2);
    }
    double compiled = now() - begun;
    hs_scratch_t *scratch = NULL;
    if (hs_alloc_scratch(database, &scratch) != HS_SUCCESS) { fprintf(stderr, "no scratch space\n"); exit(2); }
    double times[ROUNDS];
    for (int round = -1; round < ROUNDS; round++) {
        found = 0;
        advert = 0;
        memset(last_seen, 0xff, sizeof last_seen);
        double start = now();
        for (char *line = corpus; line < corpus + corpus_bytes; advert++) {
            char *end = memchr(line, '\n', (size_t)(corpus + corpus_bytes - line));
            if (!end) break;
            hs_scan(database, line, (unsigned)(end - line), 0, scratch, handler, NULL);
            line = end + 1;
        }
        if (round >= 0) times[round] = now() - start;
    }
    qsort(times, ROUNDS, sizeof *times, by_size);
    printf("{\"matcher\":\"Hyperscan %s\",\"asked\":\"%s\",\"mb_per_s\":%.3f,\"found\":%llu,\"compile_s\":%.2f}\n",
           hs_version(), asked, (double)(corpus_bytes - advert) / times[ROUNDS / 2] / 1e6, found, compiled);
    hs_free_scratch(scratch);
    hs_free_database(database);
    free(flags);
}

int main(int argc, char **argv) {
    if (argc != 2) { fprintf(stderr, "usage: hyperscan FOLDER\n"); return 2; }
    size_t bytes;
    corpus = read_file(argv[1], "corpus.txt", &corpus_bytes);
    char *patterns = read_file(argv[1], "patterns.txt", &bytes);
    static const char *expressions[MOST];
    static unsigned ids[MOST];
    unsigned count = 0;
    for (char *line = strtok(patterns, "\n"); line && count < MOST; line = strtok(NULL, "\n")) {
        ids[count] = count;
        expressions[count++] = line;
    }
    measure(expressions, ids, count, HS_FLAG_SINGLEMATCH, "presence", on_presence);
    measure(expressions, ids, count, HS_FLAG_SOM_LEFTMOST, "offsets", on_offsets);
    return 0;
}
