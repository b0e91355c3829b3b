// word_pieces.c, from lesson 06: words as a model's vocabulary: how to read, write and save them.
#include "word_pieces.h"

#include <stdlib.h>
#include <string.h>

static int encode(void *self, const char *string, size_t length, int *id, Error *e) {
    const Words *w = self;
    int count = words_encode(w, string, length, id);
    for (int i = 0; i < count && w->characters; i++)
        if (id[i] == WORD_UNK) {
            error(e, "the model has never seen the character '%c': it knows %d others", string[i], w->size - WORDS_SPECIAL);
            return -1;
        }
    return count;
}

// Words stand apart, but for closing punctuation.
static void write_word(void *self, int id, int before, FILE *out) {
    const Words *w = self;
    if (w->characters) {
        if (id >= WORDS_SPECIAL) fwrite(w->word[id], 1, 1, out);
        return;
    }
    if (id == WORD_EOS) {
        putc('\n', out);
        return;
    }
    bool closes = w->length[id] == 1 && strchr(".,;:!?')", w->word[id][0]);
    if (before >= 0 && before != WORD_EOS && !closes) putc(' ', out);
    fwrite(w->word[id], 1, (size_t)w->length[id], out);
}

// First a byte that says whether words are characters, then each word after its length.
static unsigned char *bytes_of(const Words *w, size_t *size) {
    size_t n = 1;
    for (int i = WORDS_SPECIAL; i < w->size; i++) n += (size_t)w->length[i] + 1;
    unsigned char *bytes = xmalloc(n), *at = bytes;
    *size = n;
    *at++ = w->characters;
    for (int i = WORDS_SPECIAL; i < w->size; i++) {
        *at++ = (unsigned char)w->length[i];
        memcpy(at, w->word[i], (size_t)w->length[i]);
        at += w->length[i];
    }
    return bytes;
}

Pieces word_pieces(Words *w, int start) {
    Pieces p = {.encode = encode, .write = write_word, .self = w, .start = start, .unit = w->characters ? "character" : "word"};
    p.bytes = bytes_of(w, &p.size);
    return p;
}

void word_pieces_free(Pieces *p) {
    free((void *)p->bytes);
    *p = (Pieces){0};
}

bool word_pieces_restore(Words *w, const void *bytes, size_t size, Error *e) {
    const unsigned char *at = bytes, *end = at + size;
    *w = words_special();
    if (size > 0) w->characters = *at++;
    while (at < end && *at > 0 && at + 1 + *at <= end) {
        words_add(w, (const char *)at + 1, *at);
        at += 1 + *at;
    }
    if (size > 0 && at == end) return true;
    words_free(w);
    return error(e, "the vocabulary in the model's file is broken: train it anew");
}
