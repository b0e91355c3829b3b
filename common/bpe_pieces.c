// bpe_pieces.c, from lesson 10: byte-pair tokens as a model's vocabulary: how to read, write and save them.
#include "bpe_pieces.h"
#include "bpe_encode.h"

#include <stdlib.h>
#include <string.h>

static int encode(void *self, const char *string, size_t length, int *id, Error *e) {
    (void)e;        // every string of bytes can be said
    return (int)bpe_encode(self, (const unsigned char *)string, length, false, id);
}

static void write_token(void *self, int id, int before, FILE *out) {
    (void)before;
    const Bpe *b = self;
    if (b->token[id]) fwrite(b->token[id], 1, (size_t)b->length[id], out);
}

// --- as bytes: "BPE1"; how many tokens, and merges; each token's length (0: there is none), whether it is special, its bytes; each merge's three ids ---

static const char MAGIC[4] = {'B', 'P', 'E', '1'};

typedef struct {
    const unsigned char *at, *end;
    bool ok;
} Reader;

static unsigned char *put(unsigned char *at, int number) {
    memcpy(at, &number, 4);
    return at + 4;
}

static int get(Reader *r) {
    int number = 0;
    r->ok = r->ok && r->end - r->at >= 4;
    if (!r->ok) return 0;
    memcpy(&number, r->at, 4);
    r->at += 4;
    return number;
}

static unsigned char *bytes_of(const Bpe *b, size_t *size) {
    size_t n = 12 + 12 * (size_t)b->merges;
    for (int i = 0; i < b->size; i++) n += 5 + (size_t)b->length[i];
    unsigned char *bytes = xmalloc(n), *at = memcpy(bytes, MAGIC, 4);
    *size = n;
    at = put(put(at + 4, b->size), b->merges);
    for (int i = 0; i < b->size; i++) {
        at = put(at, b->length[i]);
        *at++ = b->special[i];
        if (b->length[i] > 0) memcpy(at, b->token[i], (size_t)b->length[i]);
        at += b->length[i];
    }
    for (int i = 0; i < b->merges; i++) at = put(put(put(at, b->pair[i][0]), b->pair[i][1]), b->merged[i]);
    return bytes;
}

static bool is_token(const Bpe *b, int id) { return id >= 0 && id < b->size && b->token[id]; }

// Is id the token whose bytes are those of left and right?
static bool makes(const Bpe *b, int left, int right, int id) {
    if (!is_token(b, left) || !is_token(b, right) || !is_token(b, id) || b->length[left] > b->length[id]) return false;
    int rest = b->length[id] - b->length[left];
    return b->length[right] == rest && memcmp(b->token[id], b->token[left], (size_t)b->length[left]) == 0 &&
           memcmp(b->token[id] + b->length[left], b->token[right], (size_t)rest) == 0;
}

bool bpe_pieces_restore(Bpe *b, const void *bytes, size_t size, Error *e) {
    Reader r = {bytes, (const unsigned char *)bytes + size, size > 12 && memcmp(bytes, MAGIC, 4) == 0};
    *b = bpe_empty();
    r.at += 4;
    int tokens = get(&r), merges = get(&r);
    for (int i = 0; i < tokens && r.ok; i++) {
        int length = get(&r);
        r.ok = r.ok && length >= 0 && r.end - r.at > length;
        if (r.ok && length > 0) bpe_add_token(b, i, r.at + 1, length, r.at[0]);
        r.at += r.ok ? 1 + length : 0;
    }
    for (int i = 0; i < merges && r.ok; i++) {
        int left = get(&r), right = get(&r), id = get(&r);
        r.ok = r.ok && makes(b, left, right, id);
        if (r.ok) bpe_add_merge(b, left, right, id);
    }
    for (int i = 0; i < 256; i++) r.ok = r.ok && b->byte[i] >= 0;
    if (r.ok && r.at == r.end) return true;
    bpe_free(b);
    return error(e, "the tokens in the model's file are broken: train it anew");
}

Pieces bpe_pieces(Bpe *b) {
    Pieces p = {.encode = encode, .write = write_token, .self = b, .start = b->byte['\n'], .unit = "token"};
    p.bytes = bytes_of(b, &p.size);
    return p;
}

void bpe_pieces_free(Pieces *p) {
    free((void *)p->bytes);
    *p = (Pieces){0};
}
