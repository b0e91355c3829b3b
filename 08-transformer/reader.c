// reader.c of 08-transformer: batches of a running text, or of names.
#include "reader.h"
#include "crops.h"

#include <stdlib.h>
#include <string.h>

// A random order of 0 .. n-1, as torch.randperm(n).
static void randperm(Rng *rng, int n, int *order) {
    for (int i = 0; i < n; i++) order[i] = i;
    for (int i = 0; i < n - 1; i++) {
        int j = i + (int)(rng_bits(rng) % (uint32_t)(n - i)), kept = order[i];
        order[i] = order[j];
        order[j] = kept;
    }
}

// makemore's split: torch.manual_seed(3407), randperm, and the last 1,000 (or a tenth, if that is less) are the test.
static void makemore_split(Reader *r, Stream all) {
    Lines line = lines_of(all);
    int *order = xmalloc((size_t)line.count * sizeof *order), held_out = min_int(1000, line.count / 10);
    size_t n = 0;
    Rng rng;
    rng_seed(&rng, 3407);
    randperm(&rng, line.count, order);
    r->storage = xmalloc((all.n + 1) * sizeof *r->storage);
    r->storage[n++] = 0;
    for (int i = 0; i < line.count; i++) {
        if (i == line.count - held_out) {
            r->stream[SPLIT_TRAIN] = (Stream){r->storage, n, 0};
            r->storage[n++] = 0;
        }
        memcpy(r->storage + n, all.id + line.start[order[i]], (size_t)line.length[order[i]] * sizeof(int));
        n += (size_t)line.length[order[i]];
        r->storage[n++] = 0;
    }
    Stream train = r->stream[SPLIT_TRAIN];
    r->stream[SPLIT_VAL] = r->stream[SPLIT_TEST] = (Stream){train.id + train.n, n - train.n, 0};
    free(order);
    lines_free(&line);
}

void reader_init(Reader *r, const char *lesson, const Text *t, int B, int T, bool makemore) {
    *r = (Reader){.names = t->names, .B = B, .T = T, .stream = {t->train, t->val, t->test}};
    if (makemore && !t->names) DIE("%s: --split makemore is for names; %s is a running text", lesson, t->name);
    if (makemore) makemore_split(r, t->all);
    for (int i = 0; i < 3 && t->names; i++) {
        r->line[i] = lines_of(r->stream[i]);
        if (r->line[i].longest >= T) DIE("%s: %s has a name of %d characters: want a larger --block than %d", lesson, t->name, r->line[i].longest, T);
    }
    if (!t->names && t->train.n <= (size_t)T) DIE("%s: %s has %zu characters to learn from, want more than a block of %d", lesson, t->name, t->train.n, T);
    size_t rows = (size_t)max_int(B, READER_ROWS);
    r->x = xmalloc(rows * (size_t)T * sizeof *r->x);
    r->y = xmalloc(rows * (size_t)T * sizeof *r->y);
    r->which = xmalloc(rows * sizeof *r->which);
}

void reader_free(Reader *r) {
    for (int i = 0; i < 3; i++) lines_free(&r->line[i]);
    free(r->storage);
    free(r->x);
    free(r->y);
    free(r->which);
}

void reader_draw(Reader *r, Rng *rng) {
    if (!r->names) {
        crops_draw(r->stream[SPLIT_TRAIN], r->B, r->T, rng, r->x, r->y);
        return;
    }
    for (int b = 0; b < r->B; b++) r->which[b] = (int)rng_below(rng, (uint32_t)r->line[SPLIT_TRAIN].count);
    lines_batch(&r->line[SPLIT_TRAIN], r->which, r->B, r->T, r->x, r->y);
}

int reader_rows(const Reader *r, SplitName split) { return r->names ? r->line[split].count : crops_count(r->stream[split], r->T); }

void reader_rows_at(Reader *r, SplitName split, int first, int B) {
    if (!r->names) {
        crops_in_order(r->stream[split], first, B, r->T, r->x, r->y);
        return;
    }
    for (int b = 0; b < B; b++) r->which[b] = first + b;
    lines_batch(&r->line[split], r->which, B, r->T, r->x, r->y);
}
