// expect: always the longest token is taken that the rest of the word begins with: that is
#include "bpe_word.h"

#include <string.h>

int bpe_word(const Bpe *b, const unsigned char *word, int n, int *id) {
    int count = 0;
    for (int at = 0; at < n;) {
        int best = b->byte[word[at]];
        for (int i = 0; i < b->size; i++)
            if (b->token[i] && !b->special[i] && b->length[i] > b->length[best] && b->length[i] <= n - at && memcmp(b->token[i], word + at, (size_t)b->length[i]) == 0) best = i;
        id[count++] = best;
        at += b->length[best];
    }
    return count;
}
