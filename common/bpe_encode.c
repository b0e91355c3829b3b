// bpe_encode.c, from lesson 10: a text of any length as tokens, piece by piece.
#include "bpe_encode.h"
#include "bpe_word.h"
#include "pretokenize.h"

#include <stdlib.h>
#include <string.h>

// What a word became. The table has two places for each hash: a word that comes later takes the place of the older one.
enum { WORD_BYTES = 22, WORD_TOKENS = 10, PLACES = 1 << 15 };
typedef struct {
    unsigned char length, count, bytes[WORD_BYTES];    // length 0: nothing yet
    int id[WORD_TOKENS];
} Known;

struct BpeEncoder {
    const Bpe *b;
    Pretokenizer *cutter;
    Known (*known)[2];          // (PLACES)
    int *id;                    // room for the tokens of one piece
    int room;
    bool special;
    int longest_special;
    unsigned char first[256];   // may a special token begin with this byte?
    unsigned char *tail;        // what may be the beginning of a special token that is not all there yet
    size_t tail_count;
    void (*tokens)(void *ctx, const int *id, int count);
    void *ctx;
};

BpeEncoder *bpe_encoder_new(const Bpe *b, bool special) {
    BpeEncoder *e = xcalloc(1, sizeof *e);
    *e = (BpeEncoder){.b = b, .cutter = pretokenizer_new(), .known = xcalloc(PLACES, sizeof(Known[2])), .special = special};
    for (int i = 0; i < b->size && special; i++) {
        if (!b->special[i] || b->length[i] == 0) continue;
        e->first[b->token[i][0]] = 1;
        e->longest_special = max_int(e->longest_special, b->length[i]);
    }
    e->tail = xmalloc((size_t)e->longest_special + 1);
    return e;
}

void bpe_encoder_free(BpeEncoder *e) {
    if (!e) return;
    pretokenizer_free(e->cutter);
    free(e->known);
    free(e->id);
    free(e->tail);
    free(e);
}

// --- pieces ---

// Up to eight bytes as one number; those in the middle may count twice.
static uint64_t few_bytes(const unsigned char *p, size_t n) {
    uint64_t x = 0, y = 0;
    if (n >= 8) memcpy(&x, p, 8);
    else if (n >= 4) {
        memcpy(&x, p, 4);
        memcpy(&y, p + n - 4, 4);
    } else x = p[0] | (uint64_t)p[n / 2] << 8 | (uint64_t)p[n - 1] << 16;
    return x | y << 32;
}

// Of a word of at most three times eight bytes.
static uint32_t hash_of(const unsigned char *word, size_t n) {
    uint64_t hash = (n ^ few_bytes(word, n)) * 0x9E3779B97F4A7C15u;
    if (n > 8) hash = (hash ^ hash >> 32 ^ few_bytes(word + n - 8, 8)) * 0x9E3779B97F4A7C15u;
    if (n > 16) hash = (hash ^ hash >> 32 ^ few_bytes(word + 8, 8)) * 0x9E3779B97F4A7C15u;
    return (uint32_t)(hash >> 32);
}

static bool is(const Known *k, const unsigned char *word, size_t n) { return k->length == n && memcmp(k->bytes, word, n) == 0; }

static void piece(void *encoder, const unsigned char *word, size_t n) {
    BpeEncoder *e = encoder;
    Known *k = n <= WORD_BYTES ? e->known[hash_of(word, n) & (PLACES - 1)] : NULL;
    for (int i = 0; i < 2 && k; i++)
        if (is(&k[i], word, n)) {
            e->tokens(e->ctx, k[i].id, k[i].count);
            return;
        }
    if ((size_t)e->room < n) e->id = xrealloc(e->id, (size_t)(e->room = (int)(2 * n)) * sizeof *e->id);
    int count = bpe_word(e->b, word, (int)n, e->id);
    e->tokens(e->ctx, e->id, count);
    if (!k || count > WORD_TOKENS) return;
    if (k[0].length > 0) k[1] = k[0];
    k[0].length = (unsigned char)n;
    k[0].count = (unsigned char)count;
    memcpy(k[0].bytes, word, n);
    memcpy(k[0].id, e->id, (size_t)count * sizeof *k->id);
}

// --- special tokens ---

static bool begins_special(const BpeEncoder *e, const unsigned char *text, size_t n) {
    for (int i = 0; i < e->b->size; i++)
        if (e->b->special[i] && (size_t)e->b->length[i] > n && memcmp(e->b->token[i], text, n) == 0) return true;
    return false;
}

// Up to the first special token, or to what may become one: the text before it is over there. Returns how many bytes are done.
static size_t with_special(BpeEncoder *e, const unsigned char *text, size_t n, bool end) {
    size_t from = 0;
    for (size_t i = 0; i < n; i++) {
        if (!e->first[text[i]]) continue;
        int id = bpe_special_at(e->b, text + i, n - i);
        if (!end && n - i < (size_t)e->longest_special && begins_special(e, text + i, n - i)) {
            pretokenizer_feed(e->cutter, text + from, i - from, false, piece, e);
            return i;
        }
        if (id < 0) continue;
        pretokenizer_feed(e->cutter, text + from, i - from, true, piece, e);
        e->tokens(e->ctx, &id, 1);
        i += (size_t)e->b->length[id] - 1;
        from = i + 1;
    }
    pretokenizer_feed(e->cutter, text + from, n - from, end, piece, e);
    return n;
}

void bpe_encoder_feed(BpeEncoder *e, const unsigned char *text, size_t n, bool end, void (*tokens)(void *ctx, const int *id, int count), void *ctx) {
    e->tokens = tokens;
    e->ctx = ctx;
    if (n == 0) text = (const unsigned char *)"";       // NULL + 0 is not defined
    if (e->longest_special == 0) {
        pretokenizer_feed(e->cutter, text, n, end, piece, e);
        return;
    }
    unsigned char *joined = NULL;
    if (e->tail_count > 0) {        // what was kept belongs in front
        joined = xmalloc(e->tail_count + n);
        memcpy(joined, e->tail, e->tail_count);
        if (n > 0) memcpy(joined + e->tail_count, text, n);
        text = joined;
        n += e->tail_count;
    }
    size_t done = with_special(e, text, n, end);
    e->tail_count = n - done;
    if (e->tail_count > 0) memcpy(e->tail, text + done, e->tail_count);
    free(joined);
}

// --- all at once ---

typedef struct {
    int *id;
    size_t count;
} Collected;

static void collect(void *ctx, const int *id, int count) {
    Collected *c = ctx;
    memcpy(c->id + c->count, id, (size_t)count * sizeof *id);
    c->count += (size_t)count;
}

size_t bpe_encode(const Bpe *b, const unsigned char *text, size_t n, bool special, int *id) {
    Collected c = {id, 0};
    BpeEncoder *e = bpe_encoder_new(b, special);
    bpe_encoder_feed(e, text, n, true, collect, &c);
    bpe_encoder_free(e);
    return c.count;
}
