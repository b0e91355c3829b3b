// words.c, from lesson 06: a vocabulary of whole words, with four special ones.
#include "words.h"

#include <ctype.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static const char *const SPECIAL[WORDS_SPECIAL] = {"<pad>", "<unk>", "<bos>", "<eos>"};
enum { LONGEST = 255 };     // bytes of a word that count; the rest of it is another word

// --- cutting ---

static bool inside_word(unsigned char c) { return isalnum(c) || c > 127 || (c && strchr("<>@_-", c)); }

void words_cut(const char *text, size_t n, void (*each)(void *ctx, const char *start, int length), void *ctx) {
    for (size_t i = 0, end; i < n; i = end) {
        unsigned char c = (unsigned char)text[i];
        end = i + 1;
        if (isspace(c) && c != '\n') continue;
        while (inside_word(c) && end < n && inside_word((unsigned char)text[end]) && end - i < LONGEST) end++;
        each(ctx, text + i, (int)(end - i));
    }
}

// --- the hash table ---

static uint32_t hash(const char *word, int length) {       // FNV-1a
    uint32_t h = 2166136261u;
    for (int i = 0; i < length; i++) h = (h ^ (unsigned char)word[i]) * 16777619u;
    return h;
}

// Where the word is, or the empty slot where it would go.
static int *slot_of(const Words *w, const char *word, int length) {
    for (uint32_t i = hash(word, length);; i++) {
        int *slot = &w->slot[i & (uint32_t)(w->slots - 1)];
        if (*slot < 0 || (w->length[*slot] == length && memcmp(w->word[*slot], word, (size_t)length) == 0)) return slot;
    }
}

static void rehash(Words *w, int slots) {
    free(w->slot);
    w->slots = slots;
    w->slot = xmalloc((size_t)slots * sizeof *w->slot);
    memset(w->slot, -1, (size_t)slots * sizeof *w->slot);
    for (int i = 0; i < w->size; i++) *slot_of(w, w->word[i], w->length[i]) = i;
}

int words_add(Words *w, const char *word, int length) {
    if (2 * (w->size + 1) >= w->slots) rehash(w, w->slots ? 2 * w->slots : 64);
    int *slot = slot_of(w, word, length);
    if (*slot >= 0) return *slot;
    w->word = xrealloc(w->word, (size_t)(w->size + 1) * sizeof *w->word);
    w->length = xrealloc(w->length, (size_t)(w->size + 1) * sizeof *w->length);
    w->word[w->size] = memcpy(xcalloc((size_t)length + 1, 1), word, (size_t)length);
    w->length[w->size] = length;
    return *slot = w->size++;
}

Words words_special(void) {
    Words w = {0};
    for (int i = 0; i < WORDS_SPECIAL; i++) words_add(&w, SPECIAL[i], (int)strlen(SPECIAL[i]));
    return w;
}

void words_free(Words *w) {
    for (int i = 0; i < w->size; i++) free(w->word[i]);
    free(w->word);
    free(w->length);
    free(w->slot);
    *w = (Words){0};
}

Words words_of_characters(const Vocab *v) {
    Words w = words_special();
    w.characters = true;
    for (int i = v->names; i < v->size; i++) words_add(&w, (const char *)&v->byte[i], 1);     // the end of a name is <eos>
    return w;
}

// --- ids ---

int words_find(const Words *w, const char *word, int length) {
    int id = *slot_of(w, word, length);
    return id < 0 ? WORD_UNK : id;
}

typedef struct {
    const Words *words;
    int *id, count;
} Encoding;

static void encode_word(void *ctx, const char *start, int length) {
    Encoding *e = ctx;
    e->id[e->count++] = *start == '\n' ? WORD_EOS : words_find(e->words, start, length);
}

int words_encode(const Words *w, const char *text, size_t n, int *id) {
    Encoding e = {w, id, 0};
    if (!w->characters) words_cut(text, n, encode_word, &e);
    else
        for (size_t i = 0; i < n; i++) {
            int found = words_find(w, text + i, 1);
            id[e.count++] = found == WORD_UNK && text[i] == '\n' ? WORD_EOS : found;
        }
    return e.count;
}
