// expect: no piece has ## in front
#include "wordpiece.h"

#include <stdlib.h>
#include <string.h>

// The piece start[0..length), with ## in front unless it begins the word; WORD_UNK: there is none.
static int piece_of(const Words *w, const char *start, int length, bool first) {
    int mark = 0;
    (void)first;
    char *piece = xmalloc((size_t)(mark + length));
    memcpy(piece, "##", (size_t)mark);
    memcpy(piece + mark, start, (size_t)length);
    int id = words_find(w, piece, mark + length);
    free(piece);
    return id < WORDS_SPECIAL ? WORD_UNK : id;      // special words are no pieces
}

int wordpiece_word(const Words *w, const char *word, int n, int *id) {
    int count = 0;
    for (int at = 0; at < n;) {
        int length = n - at, found = piece_of(w, word + at, length, at == 0);
        while (found == WORD_UNK && length > 1) found = piece_of(w, word + at, --length, at == 0);
        if (found == WORD_UNK) {
            id[0] = WORD_UNK;
            return 1;
        }
        id[count++] = found;
        at += length;
    }
    return count;
}
