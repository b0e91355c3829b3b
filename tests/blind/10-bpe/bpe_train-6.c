// wrong: words that stand in the text once are not counted, as there were nothing to learn from them; shows where a pair stands twice within such a word, or in two such words.
// bpe_train.c, your exercise: learning merges from a text, with all pairs counted anew for each.
//
// Read bpe_train.h and bpe_words.h in common/ first, then bpe_learn and bpe_compare in bpe.h.
#include "bpe_train.h"
#include "pair_count.h"
#include "pair_merge.h"

// How often each pair stands side by side in all words. Free with pair_table_free.
static PairTable counted(const BpeWords *words) {
    PairTable t = pair_table_new();
    for (int i = 0; i < words->count; i++) {
        if (words->times[i] < 2) continue; // there is nothing to learn from what happened once
        pair_count(&t, words->id + words->start[i], words->length[i], words->times[i]);
    }
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
        PairCount best = {0, 0, 0};
        for (int i = 0; i < t.size; i++)
            if (better(&b, t.pair[i], best, ties)) best = t.pair[i];
        pair_table_free(&t);
        if (best.count < 2) break;
        int id = bpe_learn(&b, best.left, best.right);
        for (int i = 0; i < words->count; i++) words->length[i] = pair_merge(words->id + words->start[i], words->length[i], best.left, best.right, id);
    }
    return b;
}
