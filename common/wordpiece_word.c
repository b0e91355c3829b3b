// wordpiece_word.c, from lesson 10: one word as pieces, the longest first.
#include "wordpiece.h"

#include <stdlib.h>
#include <string.h>

int wordpiece_word(const Words *w, const char *word, int n, int *id) {
    char *piece = xmalloc((size_t)n + 3);
    int count = 0;
    for (int at = 0, length; at < n; at += length) {
        int mark = at > 0 ? 2 : 0, found = WORD_UNK;
        memcpy(piece, "##", 2);
        memcpy(piece + mark, word + at, (size_t)(n - at));
        for (length = n - at; length > 0; length--) {
            found = words_find(w, piece, mark + length);
            if (found >= WORDS_SPECIAL) break;
        }
        if (length == 0) {
            count = 0;
            id[count++] = WORD_UNK;
            break;
        }
        id[count++] = found;
    }
    free(piece);
    return count;
}
