// wrong: an empty word becomes one [UNK], for no piece was found in it; shows only with n == 0, where no piece at all is right (and there is no room for one).
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
    return id < WORDS_SPECIAL ? WORD_UNK : id;
}

int wordpiece_word(const Words *w, const char *word, int n, int *id) {
    int count = 0, at = 0;
    while (at < n) {
        int length = n - at, found = piece_of(w, word + at, length, at == 0);
        while (found == WORD_UNK && length > 1) {
            length--;
            found = piece_of(w, word + at, length, at == 0);
        }
        if (found == WORD_UNK) {
            count = 0;
            break;
        }
        id[count++] = found;
        at += length;
    }
    if (count == 0) id[count++] = WORD_UNK;
    return count;
}
