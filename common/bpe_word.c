// bpe_word.c, from lesson 10: one piece of text, as tokens.
#include "bpe_word.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

enum { SHORT = 64 };    // up to so many bytes, looking through all of them for the lowest rank is the fastest

static int rank_of(const Bpe *b, const int *id, int i, int n) {
    int rank = i >= 0 && i + 1 < n ? bpe_rank(b, id[i], id[i + 1]) : -1;
    return rank < 0 ? INT_MAX : rank;
}

static int short_word(const Bpe *b, int n, int *id) {
    int rank[SHORT];        // of id[i] with id[i+1]
    for (int i = 0; i < n; i++) rank[i] = rank_of(b, id, i, n);
    for (;;) {
        int best = 0;
        for (int i = 1; i < n - 1; i++)
            if (rank[i] < rank[best]) best = i;
        if (n < 2 || rank[best] == INT_MAX) return n;
        id[best] = b->merged[rank[best]];
        n--;
        memmove(id + best + 1, id + best + 2, (size_t)(n - best - 1) * sizeof *id);
        memmove(rank + best + 1, rank + best + 2, (size_t)(n - best - 1) * sizeof *rank);
        rank[best] = rank_of(b, id, best, n);
        if (best > 0) rank[best - 1] = rank_of(b, id, best - 1, n);
    }
}

// --- long words: a list of neighbours, and a heap of what may merge ---

typedef struct {
    int rank, at;           // the left one's place
    int left, right;        // what stood there: what has changed since is passed over
} Candidate;

typedef struct {
    const Bpe *b;
    int *id, *next, *before;    // (n) tokens, and the places of their neighbours; -1: none
    Candidate *heap;
    int count;
} Chain;

static bool sooner(Candidate a, Candidate b) { return a.rank != b.rank ? a.rank < b.rank : a.at < b.at; }

static void push(Chain *c, int at) {
    if (at < 0 || c->next[at] < 0) return;
    Candidate new = {bpe_rank(c->b, c->id[at], c->id[c->next[at]]), at, c->id[at], c->id[c->next[at]]};
    if (new.rank < 0) return;
    int i = c->count++;
    for (; i > 0 && sooner(new, c->heap[(i - 1) / 2]); i = (i - 1) / 2) c->heap[i] = c->heap[(i - 1) / 2];
    c->heap[i] = new;
}

static Candidate pop(Chain *c) {
    Candidate top = c->heap[0], last = c->heap[--c->count];
    int i = 0;
    for (int k; (k = 2 * i + 1) < c->count; i = k) {
        if (k + 1 < c->count && sooner(c->heap[k + 1], c->heap[k])) k++;
        if (!sooner(c->heap[k], last)) break;
        c->heap[i] = c->heap[k];
    }
    c->heap[i] = last;
    return top;
}

static int long_word(const Bpe *b, int n, int *id) {
    size_t places = (size_t)n;
    Chain c = {b, id, xmalloc(places * sizeof(int)), xmalloc(places * sizeof(int)), xmalloc(3 * places * sizeof(Candidate)), 0};
    for (int i = 0; i < n; i++) {
        c.next[i] = i + 1 < n ? i + 1 : -1;
        c.before[i] = i - 1;
    }
    for (int i = 0; i < n; i++) push(&c, i);
    while (c.count > 0) {
        Candidate k = pop(&c);
        int right = c.next[k.at];
        if (id[k.at] != k.left || right < 0 || id[right] != k.right) continue;
        id[k.at] = b->merged[k.rank];
        id[right] = -1;
        c.next[k.at] = c.next[right];
        if (c.next[k.at] >= 0) c.before[c.next[k.at]] = k.at;
        push(&c, k.at);
        push(&c, c.before[k.at]);
    }
    int count = 0;
    for (int i = 0; i >= 0; i = c.next[i]) id[count++] = id[i];
    free(c.next);
    free(c.before);
    free(c.heap);
    return count;
}

int bpe_word(const Bpe *b, const unsigned char *word, int n, int *id) {
    for (int i = 0; i < n; i++) id[i] = b->byte[word[i]];
    if (n == 0) return 0;
    return n <= SHORT ? short_word(b, n, id) : long_word(b, n, id);
}
