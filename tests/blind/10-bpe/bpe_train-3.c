// wrong: one table is kept and corrected, so pairs stand in it in the order in which they ever came up, not that of the text as it is now; shows only with --ties first, where a pair made by a merge stands before an older one that is as frequent.
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
    PairTable t = counted(words); // kept right from here on, that is faster than to count everything again
    while (b.size < size) {
        PairCount best = {0, 0, 0};
        for (int i = 0; i < t.size; i++)
            if (better(&b, t.pair[i], best, ties)) best = t.pair[i];
        if (best.count < 2) break;
        int merged = bpe_learn(&b, best.left, best.right);
        for (int i = 0; i < words->count; i++) {
            int *id = words->id + words->start[i];
            pair_count(&t, id, words->length[i], -words->times[i]);
            words->length[i] = pair_merge(id, words->length[i], best.left, best.right, merged);
            pair_count(&t, id, words->length[i], words->times[i]);
        }
    }
    pair_table_free(&t);
    return b;
}
