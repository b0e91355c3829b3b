// backoff.c, from lesson 01: n-grams of every order at once, the longer ones leaning on the shorter ones.
#include "backoff.h"
#include "nll.h"

#include <stdlib.h>

enum { BITS = 9 };

// The key of the last order-1 ids before position n, with no character after them yet: 9 bits an id, and the top bit
// always set, so that no key is 0. Before a name's first letter stand boundaries.
static uint64_t context_key(const Backoff *b, const int *id, size_t n, int order) {
    uint64_t key = (uint64_t)1 << 63;
    bool bounded = false;
    for (int i = 1; i < order; i++) {
        bounded = bounded || (size_t)i > n || id[n - (size_t)i] == b->boundary;
        int before = bounded ? b->boundary : id[n - (size_t)i];
        key |= (uint64_t)(before + 1) << (BITS * i);
    }
    return key;
}

static uint64_t pair_key(uint64_t context, int c) { return context | (uint64_t)(c + 1); }

// A running text has no boundaries to stand before its first characters: there, only shorter contexts exist.
static int longest_order(const Backoff *b, size_t n, int order) {
    return b->boundary < 0 && n + 1 < (size_t)order ? (int)n + 1 : order;
}

static BackoffCell *find(const Backoff *b, uint64_t key) {
    uint64_t h = key * 0x9e3779b97f4a7c15u;
    for (size_t i = (size_t)(h >> 20) % b->cells;; i = (i + 1) % b->cells)
        if (b->cell[i].key == key || b->cell[i].key == 0) return &b->cell[i];
}

static void grow(Backoff *b) {
    Backoff old = *b;
    b->cells = old.cells ? old.cells * 2 : 1 << 12;
    b->cell = xcalloc(b->cells, sizeof *b->cell);
    for (size_t i = 0; i < old.cells; i++)
        if (old.cell[i].key) *find(b, old.cell[i].key) = old.cell[i];
    free(old.cell);
}

static BackoffCell *find_or_add(Backoff *b, uint64_t key) {
    if (b->used * 2 >= b->cells) grow(b);
    BackoffCell *cell = find(b, key);
    if (!cell->key) {
        cell->key = key;
        b->used++;
    }
    return cell;
}

static void count_one(Backoff *b, const int *id, size_t n, int order) {
    uint64_t context = context_key(b, id, n, order);
    BackoffCell *pair = find_or_add(b, pair_key(context, id[n]));
    bool first = pair->n++ == 0;
    BackoffCell *all = find_or_add(b, context);
    all->n++;
    all->k += first;
}

Backoff backoff_fit(Stream s, int order, int V) {
    CHECK(order >= 1 && order <= BACKOFF_MOST, "backoff_fit: order is %d, want 1 to %d", order, BACKOFF_MOST);
    Backoff b = {.order = order, .V = V, .boundary = s.boundary};
    grow(&b);
    for (size_t i = 1; i < s.n; i++)
        for (int k = longest_order(&b, i, order); k >= 1; k--) count_one(&b, s.id, i, k);
    return b;
}

void backoff_free(Backoff *b) { free(b->cell); }

double backoff_prob(const Backoff *b, const int *id, size_t n, int order, int c) {
    double p = 1.0 / b->V;
    order = longest_order(b, n, order);
    for (int k = 1; k <= order; k++) {
        uint64_t context = context_key(b, id, n, k);
        const BackoffCell *all = find(b, context);
        if (!all->n) break;     // never seen, so no longer one was either
        p = (find(b, pair_key(context, c))->n + all->k * p) / ((double)all->n + all->k);
    }
    return p;
}

double backoff_loss(const Backoff *b, Stream s, int order) {
    CHECK(s.n > 1, "backoff_loss: the stream has %zu ids, want at least 2", s.n);
    float *p = xmalloc((s.n - 1) * sizeof *p);
    for (size_t i = 1; i < s.n; i++) p[i - 1] = (float)backoff_prob(b, s.id, i, order, s.id[i]);
    double loss = nll(p, s.n - 1);
    free(p);
    return loss;
}

size_t backoff_contexts(const Backoff *b, int order) {
    size_t count = 0;
    for (size_t i = 0; i < b->cells; i++) {
        uint64_t key = b->cell[i].key & ~((uint64_t)1 << 63), character = ((uint64_t)1 << BITS) - 1;
        int length = 0;     // of the context: how many ids stand above the character's place
        for (uint64_t rest = key >> BITS; rest; rest >>= BITS) length++;
        count += b->cell[i].key && !(key & character) && length == order - 1;
    }
    return count;
}
