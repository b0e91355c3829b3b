// expect: a special token is found in the word
#include "bpe_word.h"

int bpe_word(const Bpe *b, const unsigned char *word, int n, int *id) {
    int bytes = n;
    n = 0;
    for (int at = 0; at < bytes; n++) {
        int special = bpe_special_at(b, word + at, (size_t)(bytes - at));
        id[n] = special >= 0 ? special : b->byte[word[at]];
        at += b->length[id[n]];
    }
    for (;;) {
        int lowest = -1, at = 0;        // the lowest rank, and where it stands first
        for (int i = 0; i + 1 < n; i++) {
            int rank = bpe_rank(b, id[i], id[i + 1]);
            if (rank >= 0 && (lowest < 0 || rank < lowest)) {
                lowest = rank;
                at = i;
            }
        }
        if (lowest < 0) return n;
        id[at] = b->merged[lowest];
        n--;
        for (int i = at + 1; i < n; i++) id[i] = id[i + 1];
    }
}
