// wrong: the first word after the special ones counts as special, too; shows only where the piece with id WORDS_SPECIAL (4) would be the longest that fits.
// wordpiece_word.c, your exercise: one word as pieces, the longest first.
//
// Read wordpiece.h in common/ first, wordpiece_word alone, then words_find in words.h.
#include "wordpiece.h"

#include <stdlib.h>
#include <string.h>

// The piece start[0..length), with ## in front unless it begins the word; WORD_UNK: there is none.
static int piece_of(const Words *w, const char *start, int length, bool first) {
    char *piece = xmalloc((size_t)length + 2);
    int mark = first ? 0 : 2;
    if (!first) memcpy(piece, "##", 2);
    memcpy(piece + mark, start, (size_t)length);
    int id = words_find(w, piece, mark + length);
    free(piece);
    return id <= WORDS_SPECIAL ? WORD_UNK : id;
}

int wordpiece_word(const Words *w, const char *word, int n, int *id) {
    int count = 0;
    for (int at = 0; at < n;) {
        int length = n - at, found = WORD_UNK;
        while (length > 0) {
            found = piece_of(w, word + at, length, at == 0);
            if (found != WORD_UNK) break;
            length--;
        }
        if (found == WORD_UNK) {
            id[0] = WORD_UNK;
            return 1;
        }
        id[count++] = found;
        at += length;
    }
    return count;
}
