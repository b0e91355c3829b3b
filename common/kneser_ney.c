// kneser_ney.c, from lesson 06: the best that counting does with words, to compare with.
#include "kneser_ney.h"
#include "util.h"

#include <math.h>
#include <stdlib.h>

// --- a table of counts ---

enum { FEW = 1024 };        // slots at first

// n ids from id[0] on as one number that is not 0.
static uint64_t pack(const int *id, int n) {
    uint64_t key = 1;
    for (int i = 0; i < n; i++) key = key << 20 | (uint64_t)id[i];
    return key;
}

static size_t slot_of(const CountTable *t, uint64_t key) {
    size_t i = (size_t)(key * 0x9E3779B97F4A7C15u >> 20);       // Fibonacci hashing
    for (;; i++)
        if (t->key[i & (t->slots - 1)] == key || t->key[i & (t->slots - 1)] == 0) return i & (t->slots - 1);
}

static CountTable table_new(size_t slots) {
    return (CountTable){xcalloc(slots, sizeof(uint64_t)), xcalloc(slots, sizeof(int)), xcalloc(slots, sizeof(int)), slots, 0};
}

static void table_free(CountTable *t) {
    free(t->key);
    free(t->total);
    free(t->kinds);
}

static void table_grow(CountTable *t) {
    CountTable larger = table_new(2 * t->slots);
    for (size_t i = 0; i < t->slots; i++) {
        if (!t->key[i]) continue;
        size_t to = slot_of(&larger, t->key[i]);
        larger.key[to] = t->key[i];
        larger.total[to] = t->total[i];
        larger.kinds[to] = t->kinds[i];
    }
    larger.used = t->used;
    table_free(t);
    *t = larger;
}

// The key's slot; it is made if it is not there.
static size_t table_add(CountTable *t, uint64_t key) {
    if (2 * (t->used + 1) > t->slots) table_grow(t);
    size_t i = slot_of(t, key);
    t->used += t->key[i] == 0;
    t->key[i] = key;
    return i;
}

// --- counting ---

// Counts one more n-gram; is it the first of its kind?
static bool count(KneserNey *k, const int *id, int n) {
    size_t gram = table_add(&k->gram[n], pack(id, n)), context = table_add(&k->context[n], pack(id, n - 1));
    bool first = k->gram[n].total[gram]++ == 0;
    k->context[n].total[context]++;
    k->context[n].kinds[context] += first;
    return first;
}

KneserNey kneser_ney_of(const int *id, size_t n, int V, int order) {
    CHECK(order >= 1 && order <= KN_MOST && V < 1 << 20, "kneser_ney_of: order %d, V %d; want 1 to %d, below 2^20", order, V, KN_MOST);
    KneserNey k = {.order = order, .V = V};
    for (int length = 1; length <= order; length++) k.gram[length] = table_new(FEW), k.context[length] = table_new(FEW);
    for (size_t i = 0; i + (size_t)order <= n; i++)
        for (int length = order; length >= 1 && count(&k, id + i + (order - length), length); length--) {}      // shorter ones: once a kind
    for (int length = 1; length <= order; length++) {
        double once = 0, twice = 0;
        const CountTable *t = &k.gram[length];
        for (size_t i = 0; i < t->slots; i++) {
            once += t->total[i] == 1;
            twice += t->total[i] == 2;
        }
        k.discount[length] = once > 0 ? once / (once + 2 * twice) : 0.5;
    }
    return k;
}

void kneser_ney_free(KneserNey *k) {
    for (int i = 1; i <= k->order; i++) {
        table_free(&k->gram[i]);
        table_free(&k->context[i]);
    }
}

// --- probabilities ---

// Of id[0] after the length-1 ids before it.
static double prob(const KneserNey *k, const int *id, int length) {
    if (length == 0) return 1.0 / k->V;
    double shorter = prob(k, id, length - 1), D = k->discount[length];
    const CountTable *gram = &k->gram[length], *context = &k->context[length];
    size_t g = slot_of(gram, pack(id - (length - 1), length)), c = slot_of(context, pack(id - (length - 1), length - 1));
    if (context->total[c] == 0) return shorter;
    return (fmax(gram->total[g] - D, 0) + D * context->kinds[c] * shorter) / context->total[c];
}

double kneser_ney_prob(const KneserNey *k, const int *id, size_t i) { return prob(k, id + i, i + 1 < (size_t)k->order ? (int)i + 1 : k->order); }

double kneser_ney_loss(const KneserNey *k, const int *id, size_t n) {
    double sum = 0;
    for (size_t i = 1; i < n; i++) sum -= log(kneser_ney_prob(k, id, i));
    return n > 1 ? sum / (double)(n - 1) : NAN;
}
