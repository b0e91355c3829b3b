// pair_table.c, from lesson 10: numbers filed under pairs of tokens.
#include "pair_table.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

PairTable pair_table_new(void) { return (PairTable){0}; }

void pair_table_free(PairTable *t) {
    free(t->pair);
    free(t->slot);
    *t = (PairTable){0};
}

static int *slot_of(const PairTable *t, int left, int right) {
    uint64_t hash = ((uint64_t)(uint32_t)left << 32 | (uint32_t)right) * 0x9E3779B97F4A7C15u;
    for (uint32_t i = (uint32_t)(hash >> 36);; i++) {
        int *slot = &t->slot[i & (uint32_t)(t->slots - 1)];
        if (*slot < 0 || (t->pair[*slot].left == left && t->pair[*slot].right == right)) return slot;
    }
}

static void rehash(PairTable *t, int slots) {
    t->slots = slots;
    t->slot = xrealloc(t->slot, (size_t)slots * sizeof *t->slot);
    memset(t->slot, -1, (size_t)slots * sizeof *t->slot);
    for (int i = 0; i < t->size; i++) *slot_of(t, t->pair[i].left, t->pair[i].right) = i;
}

int pair_table_at(PairTable *t, int left, int right) {
    if (2 * (t->size + 1) > t->slots) rehash(t, t->slots ? 2 * t->slots : 256);
    int *slot = slot_of(t, left, right);
    if (*slot >= 0) return *slot;
    if (t->size == t->room) t->pair = xrealloc(t->pair, (size_t)(t->room = t->room ? 2 * t->room : 128) * sizeof *t->pair);
    t->pair[t->size] = (PairCount){left, right, 0};
    return *slot = t->size++;
}

void pair_table_add(PairTable *t, int left, int right, long by) {
    int at = pair_table_at(t, left, right);     // which may move the pairs
    t->pair[at].count += by;
}
