// writer.c, from lesson 09: a model that writes: it keeps keys and values, cuts off what is too unlikely, and knows where to stop.
#define _GNU_SOURCE
#include "writer.h"
#include "op_softmax.h"
#include "sampler.h"

#include <stdlib.h>
#include <string.h>

void writer_init(Writer *w, Decoder net, const Vocab *vocab) {
    *w = (Writer){.net = net, .cache = kvcache_new(net.L, net.T, net.key), .seen = xmalloc((size_t)net.T * sizeof *w->seen), .tape = tape_new(false),
                  .cached = true, .top_p = 1, .vocab = vocab};
}

void writer_free(Writer *w) {
    kvcache_free(&w->cache);
    tape_free(&w->tape);
    free(w->seen);
    free(w->stop);
}

void writer_forget(Writer *w) { w->cache.used = 0; }

// --- the face ---

static size_t window_start(size_t n, size_t T) {
    size_t half = T > 1 ? T / 2 : 1;
    return n <= T ? 0 : (n - T + half - 1) / half * half;
}

// How many of the tokens id[0..n) are in the cache already; at least one is always read again, for its logits.
static int known(const Writer *w, const int *id, int n) {
    int k = 0;
    while (w->cached && k < w->cache.used && k < n - 1 && w->seen[k] == id[k]) k++;
    return k;
}

static void next(const Model *m, const int *id, size_t n, float *prob) {
    Writer *w = m->self;
    size_t from = window_start(n, (size_t)w->net.T);
    int count = (int)(n - from), V = w->vocab->size, k = known(w, id += from, count);
    w->cache.used = k;
    tape_reset(&w->tape);
    Tensor *x = w->net.forward(w->net.self, &w->tape, id + k, 1, count - k, &w->cache, NULL, false);                     // (1,count-k,C)
    memcpy(w->seen, id, (size_t)count * sizeof *id);
    w->cache.used = count;
    int C = last_of(x);
    Tensor *last = tape_values(&w->tape, "last", 2, (int[]){1, C}, x->data + (size_t)(count - k - 1) * (size_t)C);       // (1,C)
    Tensor *all = w->net.logits(w->net.self, &w->tape, last);                                                            // (1,V)
    Tensor *logits = tape_values(&w->tape, "logits", 2, (int[]){1, V}, all->data);                                       // of the vocabulary only
    memcpy(prob, op_softmax(&w->tape, logits)->data, (size_t)V * sizeof *prob);
}

// Do the last characters read `stop`? Compared from the end, token by token.
static bool over(const Model *m, const int *id, size_t n) {
    const Writer *w = m->self;
    size_t left = w->stop ? strlen(w->stop) : 0;
    if (left == 0 || n < 2) return false;
    char *text = NULL;
    size_t size = 0, first = n - 1 > left ? n - left : 1;       // every token is a character or more
    FILE *out = open_memstream(&text, &size);
    CHECK(out, "writer: no memory to look for the end of a text");
    for (size_t i = first; i < n; i++) vocab_write(w->vocab, id[i], id[i - 1], out);
    fclose(out);
    bool is = size >= left && memcmp(text + size - left, w->stop, left) == 0;
    free(text);
    return is;
}

Model writer_model(Writer *w) {
    return (Model){.vocab = w->vocab, .boundary = w->vocab->names ? 0 : -1, .self = w, .next = next, .over = over};
}

void writer_cut(void *writer, int top_k, float *prob, int V) {
    const Writer *w = writer;
    sampler_top_k(prob, V, top_k);
    sampler_normalise(prob, V);
    sampler_top_p(prob, V, w->top_p);
    sampler_min_p(prob, V, w->min_p);
    sampler_normalise(prob, V);
}
