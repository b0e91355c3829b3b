// wrong: where nothing fits it goes back and tries a shorter piece further to the left; shows where the longest piece leads nowhere and a shorter one would: p, play, ##l, ##ays make [UNK] of plays only if nobody goes back to p ##l ##ays.
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

// The pieces of word[at..n), behind the `count` that are there; 0: it cannot be cut.
static int rest_of(const Words *w, const char *word, int at, int n, int *id, int count) {
    if (at == n) return count;
    for (int length = n - at; length > 0; length--) {
        int found = piece_of(w, word + at, length, at == 0);
        if (found == WORD_UNK) continue;
        id[count] = found;
        int all = rest_of(w, word, at + length, n, id, count + 1);
        if (all > 0) return all;
    }
    return 0;
}

int wordpiece_word(const Words *w, const char *word, int n, int *id) {
    if (n == 0) return 0;
    int count = rest_of(w, word, 0, n, id, 0);
    if (count > 0) return count;
    id[0] = WORD_UNK;
    return 1;
}
