// bpe_train.c, your exercise: learning merges from a text, with all pairs counted anew for each.
//
// Read bpe_train.h and bpe_words.h in common/ first, then bpe_learn and bpe_compare in bpe.h.
#include "bpe_train.h"
#include "pair_count.h"
#include "pair_merge.h"

// How often each pair stands side by side in all words. Free with pair_table_free.
static PairTable counted(const BpeWords *words) {
    PairTable t = pair_table_new();
    (void)words;
    TODO("the pairs of every word, as often as the word stands in the text");
    return t;
}

// Is p to be merged rather than q, which came before it?
static bool better(const Bpe *b, PairCount p, PairCount q, BpeTies ties) {
    (void)b;
    (void)p;
    (void)q;
    (void)ties;
    TODO("the more frequent one is; for equally frequent ones `ties` says it (extra: without that, return p.count > q.count)");
    return false;
}

Bpe bpe_train(BpeWords *words, int size, BpeTies ties) {
    Bpe b = bpe_bytes();
    (void)words;
    (void)size;
    (void)ties;
    (void)counted;
    (void)better;
    TODO("as long as there are fewer than `size` tokens, and a pair that stands side by side twice: count, learn the best pair, merge it in every word");
    return b;
}
