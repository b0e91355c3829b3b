// bpe_word.c, your exercise: one piece of text, as tokens.
//
// Read bpe_word.h in common/ first, then the struct Bpe and bpe_rank in bpe.h.
#include "bpe_word.h"

int bpe_word(const Bpe *b, const unsigned char *word, int n, int *id) {
    (void)b;
    (void)word;
    (void)id;
    TODO("first every byte as its token, b->byte[...]");
    TODO("then, as long as two neighbours merge: the pair of the lowest rank, and of equal ones the first, becomes its token, b->merged[rank]");
    return n;
}
