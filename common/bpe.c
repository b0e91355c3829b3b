// bpe.c, from lesson 10: a byte-pair vocabulary: tokens as strings of bytes, and the merges that make them.
#include "bpe.h"

#include <stdlib.h>
#include <string.h>

// --- tokens ---

Bpe bpe_empty(void) {
    Bpe b = {0};
    for (int i = 0; i < 256; i++) b.byte[i] = -1;
    return b;
}

Bpe bpe_bytes(void) {
    Bpe b = bpe_empty();
    for (int i = 0; i < 256; i++) bpe_add_token(&b, i, &(unsigned char){(unsigned char)i}, 1, false);
    return b;
}

void bpe_free(Bpe *b) {
    for (int i = 0; i < b->size; i++) free(b->token[i]);
    free(b->token);
    free(b->length);
    free(b->special);
    free(b->pair);
    free(b->merged);
    free(b->slot);
    *b = bpe_empty();
}

static void make_room(Bpe *b, int size) {
    if (size <= b->room) return;
    int room = max_int(size, 2 * b->room);
    b->token = xrealloc(b->token, (size_t)room * sizeof *b->token);
    b->length = xrealloc(b->length, (size_t)room * sizeof *b->length);
    b->special = xrealloc(b->special, (size_t)room * sizeof *b->special);
    b->room = room;
}

void bpe_add_token(Bpe *b, int id, const unsigned char *bytes, int length, bool special) {
    make_room(b, id + 1);
    for (; b->size <= id; b->size++) b->token[b->size] = NULL, b->length[b->size] = 0, b->special[b->size] = false;
    CHECK(!b->token[id], "bpe_add_token: id %d is taken", id);
    b->token[id] = memcpy(xmalloc((size_t)length + 1), bytes, (size_t)length);
    b->token[id][length] = 0;
    b->length[id] = length;
    b->special[id] = special;
    if (length == 1 && !special) b->byte[bytes[0]] = id;
}

int bpe_compare(const Bpe *b, int one, int other) {
    int order = memcmp(b->token[one], b->token[other], (size_t)min_int(b->length[one], b->length[other]));
    return order ? order : b->length[one] - b->length[other];
}

int bpe_special_at(const Bpe *b, const unsigned char *text, size_t n) {
    int best = -1;
    for (int i = 0; i < b->size; i++) {
        if (!b->special[i] || (size_t)b->length[i] > n || memcmp(b->token[i], text, (size_t)b->length[i]) != 0) continue;
        if (best < 0 || b->length[i] > b->length[best]) best = i;
    }
    return best;
}

// --- merges ---

struct BpeSlot {
    int left, right, rank;      // rank -1: empty
};

// Where a pair is, or the empty slot where it would go.
static struct BpeSlot *slot_of(const Bpe *b, int left, int right) {
    uint64_t hash = ((uint64_t)(uint32_t)left << 32 | (uint32_t)right) * 0x9E3779B97F4A7C15u;
    for (uint32_t i = (uint32_t)(hash >> 40);; i++) {
        struct BpeSlot *s = &b->slot[i & (uint32_t)(b->slots - 1)];
        if (s->rank < 0 || (s->left == left && s->right == right)) return s;
    }
}

static void put(Bpe *b, int rank) {
    struct BpeSlot *s = slot_of(b, b->pair[rank][0], b->pair[rank][1]);
    if (s->rank < 0) *s = (struct BpeSlot){b->pair[rank][0], b->pair[rank][1], rank};       // the same pair again: the first one counts
}

static void rehash(Bpe *b, int slots) {
    b->slots = slots;
    b->slot = xrealloc(b->slot, (size_t)slots * sizeof *b->slot);
    for (int i = 0; i < slots; i++) b->slot[i].rank = -1;
    for (int rank = 0; rank < b->merges; rank++) put(b, rank);
}

void bpe_add_merge(Bpe *b, int left, int right, int id) {
    if (b->merges == b->merge_room) {
        b->merge_room = b->merge_room ? 2 * b->merge_room : 256;
        b->pair = xrealloc(b->pair, (size_t)b->merge_room * sizeof *b->pair);
        b->merged = xrealloc(b->merged, (size_t)b->merge_room * sizeof *b->merged);
    }
    b->pair[b->merges][0] = left;
    b->pair[b->merges][1] = right;
    b->merged[b->merges++] = id;
    if (3 * b->merges >= b->slots) rehash(b, b->slots ? 2 * b->slots : 1024);
    else put(b, b->merges - 1);
}

int bpe_learn(Bpe *b, int left, int right) {
    int id = b->size, length = b->length[left] + b->length[right];
    unsigned char *bytes = xmalloc((size_t)length);
    memcpy(bytes, b->token[left], (size_t)b->length[left]);
    memcpy(bytes + b->length[left], b->token[right], (size_t)b->length[right]);
    bpe_add_token(b, id, bytes, length, false);
    free(bytes);
    bpe_add_merge(b, left, right, id);
    return id;
}

int bpe_rank(const Bpe *b, int left, int right) {
    if (b->slots == 0) return -1;
    return slot_of(b, left, right)->rank;
}
