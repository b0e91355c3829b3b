// expect: where nothing fits it goes back
#include "wordpiece.h"

#include <stdlib.h>
#include <string.h>

static int piece_of(const Words *w, const char *start, int length, bool first) {
    int mark = first ? 0 : 2;
    char *piece = xmalloc((size_t)(mark + length));
    memcpy(piece, "##", (size_t)mark);
    memcpy(piece + mark, start, (size_t)length);
    int id = words_find(w, piece, mark + length);
    free(piece);
    return id < WORDS_SPECIAL ? WORD_UNK : id;
}

// The pieces from `at` on, or -1: there is no way.
static int cut(const Words *w, const char *word, int at, int n, int *id) {
    if (at == n) return 0;
    for (int length = n - at; length > 0; length--) {
        int found = piece_of(w, word + at, length, at == 0);
        if (found == WORD_UNK) continue;
        int rest = cut(w, word, at + length, n, id + 1);
        if (rest < 0) continue;
        id[0] = found;
        return 1 + rest;
    }
    return -1;
}

int wordpiece_word(const Words *w, const char *word, int n, int *id) {
    int count = cut(w, word, 0, n, id);
    if (count < 0) id[0] = WORD_UNK;
    return count < 0 ? 1 : count;
}
