// bpe_words.c, from lesson 10: the pieces of a text, each once, and how often it stands there.
#include "bpe_words.h"
#include "pretokenize.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

BpeWords bpe_words_new(void) { return (BpeWords){0}; }

void bpe_words_free(BpeWords *w) {
    free(w->times);
    free(w->length);
    free(w->start);
    free(w->id);
    free(w->slot);
    *w = (BpeWords){0};
}

static bool is(const BpeWords *w, int word, const unsigned char *piece, size_t n) {
    if ((size_t)w->length[word] != n) return false;
    const int *id = w->id + w->start[word];
    for (size_t i = 0; i < n; i++)
        if (id[i] != piece[i]) return false;
    return true;
}

static uint32_t hash_of(const unsigned char *piece, size_t n) {     // FNV-1a
    uint32_t hash = 2166136261u;
    for (size_t i = 0; i < n; i++) hash = (hash ^ piece[i]) * 16777619u;
    return hash ^ hash >> 15;
}

static uint32_t hash_of_word(const BpeWords *w, int word) {
    uint32_t hash = 2166136261u;
    for (int i = 0; i < w->length[word]; i++) hash = (hash ^ (uint32_t)w->id[w->start[word] + (size_t)i]) * 16777619u;
    return hash ^ hash >> 15;
}

static void rehash(BpeWords *w, int slots) {
    w->slots = slots;
    w->slot = xrealloc(w->slot, (size_t)slots * sizeof *w->slot);
    memset(w->slot, -1, (size_t)slots * sizeof *w->slot);
    for (int word = 0; word < w->count; word++) {
        uint32_t i = hash_of_word(w, word);
        while (w->slot[i & (uint32_t)(slots - 1)] >= 0) i++;
        w->slot[i & (uint32_t)(slots - 1)] = word;
    }
}

void bpe_words_add(BpeWords *w, const unsigned char *piece, size_t n) {
    if (2 * (w->count + 1) > w->slots) rehash(w, w->slots ? 2 * w->slots : 1024);
    uint32_t i = hash_of(piece, n);
    int *slot;
    while (*(slot = &w->slot[i & (uint32_t)(w->slots - 1)]) >= 0) {
        if (is(w, *slot, piece, n)) {
            w->times[*slot]++;
            return;
        }
        i++;
    }
    if (w->count == w->room) {
        w->room = w->room ? 2 * w->room : 512;
        w->times = xrealloc(w->times, (size_t)w->room * sizeof *w->times);
        w->length = xrealloc(w->length, (size_t)w->room * sizeof *w->length);
        w->start = xrealloc(w->start, (size_t)w->room * sizeof *w->start);
    }
    if (w->used + n > w->id_room) w->id = xrealloc(w->id, (w->id_room = 2 * (w->used + n)) * sizeof *w->id);
    for (size_t k = 0; k < n; k++) w->id[w->used + k] = piece[k];
    w->times[w->count] = 1;
    w->length[w->count] = (int)n;
    w->start[w->count] = w->used;
    w->used += n;
    *slot = w->count++;
}

static void add_piece(void *words, const unsigned char *start, size_t n) { bpe_words_add(words, start, n); }

void bpe_words_add_text(BpeWords *w, const unsigned char *text, size_t n) {
    Pretokenizer *p = pretokenizer_new();
    pretokenizer_feed(p, text, n, true, add_piece, w);
    pretokenizer_free(p);
}
