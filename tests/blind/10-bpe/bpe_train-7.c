// wrong: the best pair begins as one with count 2, and of equal counts the first stays; shows only with --ties first, where pairs that stand there exactly twice are never merged.
// bpe_train.c, your exercise: learning merges from a text, with all pairs counted anew for each.
//
// Read bpe_train.h and bpe_words.h in common/ first, then bpe_learn and bpe_compare in bpe.h.
#include "bpe_train.h"
#include "pair_count.h"
#include "pair_merge.h"

// How often each pair stands side by side in all words. Free with pair_table_free.
static PairTable counted(const BpeWords *words) {
    PairTable t = pair_table_new();
    for (int i = 0; i < words->count; i++) pair_count(&t, words->id + words->start[i], words->length[i], words->times[i]);
    return t;
}

// Is p to be merged rather than q, which came before it?
static bool better(const Bpe *b, PairCount p, PairCount q, BpeTies ties) {
    if (p.count != q.count) return p.count > q.count;
    if (ties == TIES_FIRST) return false;
    int left = bpe_compare(b, p.left, q.left);
    if (left != 0) return left > 0;
    return bpe_compare(b, p.right, q.right) > 0;
}

Bpe bpe_train(BpeWords *words, int size, BpeTies ties) {
    Bpe b = bpe_bytes();
    while (b.size < size) {
        PairTable t = counted(words);
        PairCount best = {0, 0, 2}; // less than twice is not enough
        bool found = false;
        for (int i = 0; i < t.size; i++)
            if (better(&b, t.pair[i], best, ties)) {
                best = t.pair[i];
                found = true;
            }
        pair_table_free(&t);
        if (!found) break;
        int id = bpe_learn(&b, best.left, best.right);
        for (int i = 0; i < words->count; i++) words->length[i] = pair_merge(words->id + words->start[i], words->length[i], best.left, best.right, id);
    }
    return b;
}
