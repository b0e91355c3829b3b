// 10_pieces.c: fuzzes the tokens and words in a model's file: any bytes are a vocabulary that can be used, or refused.
#define _GNU_SOURCE
#include "bpe_decode.h"
#include "bpe_encode.h"
#include "bpe_pieces.h"
#include "fuzz.h"
#include "word_pieces.h"

#include <stdlib.h>
#include <string.h>

// Every piece is written, and a text is read; what bytes it makes is looked at by the caller.
static char *used(const Pieces *p, int size, const uint8_t *text, size_t n, size_t *length) {
    char *written = NULL;
    FILE *out = open_memstream(&written, length);
    Error e = {""};
    CHECK(out, "no memory to write to");
    for (int i = 0; i < size; i++) p->write(p->self, i, i - 1, out);
    fflush(out);
    size_t before = *length;
    int *id = xmalloc((n + 1) * sizeof *id), count = p->encode(p->self, (const char *)text, n, id, &e);
    CHECK(count <= (int)n, "%d ids for %zu bytes", count, n);
    if (count < 0) fuzz_refused(&e);
    for (int i = 0; i < count; i++) {
        CHECK(id[i] >= 0 && id[i] < size, "id %d of %d", id[i], size);
        p->write(p->self, id[i], i ? id[i - 1] : -1, out);
    }
    fclose(out);
    free(id);
    *length -= before;
    memmove(written, written + before, *length);
    return written;
}

static void tokens(Bpe *b, const uint8_t *text, size_t n) {
    Pieces p = bpe_pieces(b);
    Error e = {""};
    Bpe again;
    size_t length;
    CHECK(bpe_pieces_restore(&again, p.bytes, p.size, &e), "what bpe_pieces made is refused: %s", e.message);
    CHECK(again.size == b->size && again.merges == b->merges, "%d tokens and %d merges, want %d and %d", again.size, again.merges, b->size, b->merges);
    bpe_free(&again);
    char *back = used(&p, b->size, text, n, &length);
    CHECK(length == n && memcmp(back, text, n) == 0, "the text is another one after encode and decode");
    free(back);
    bpe_pieces_free(&p);
}

static void words(Words *w, const uint8_t *text, size_t n) {
    Pieces p = word_pieces(w, WORD_EOS);
    Error e = {""};
    Words again;
    size_t length;
    CHECK(word_pieces_restore(&again, p.bytes, p.size, &e), "what word_pieces made is refused: %s", e.message);
    CHECK(again.size == w->size, "%d words, want %d", again.size, w->size);
    words_free(&again);
    free(used(&p, w->size, text, n, &length));
    word_pieces_free(&p);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    Error e = {""};
    Bpe b;
    Words w;
    if (bpe_pieces_restore(&b, data, size, &e)) {
        tokens(&b, data, size);
        bpe_free(&b);
    } else fuzz_refused(&e);
    if (word_pieces_restore(&w, data, size, &e)) {
        words(&w, data, size);
        words_free(&w);
    } else fuzz_refused(&e);
    return 0;
}
