// wrong: merges in a copy of the words and gives that away in the end; the vocabulary is right, shows only in `words` afterwards, which should hold the tokens and still hold the bytes.
// bpe_train.c, your exercise: learning merges from a text, with all pairs counted anew for each.
//
// Read bpe_train.h and bpe_words.h in common/ first, then bpe_learn and bpe_compare in bpe.h.
#include "bpe_train.h"
#include "pair_count.h"
#include "pair_merge.h"

#include <stdlib.h>
#include <string.h>

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
    // The caller's words stay as they are: merges are made in a copy.
    BpeWords mine = *words;
    size_t ids = 0;
    for (int i = 0; i < words->count; i++) {
        size_t end = words->start[i] + (size_t)words->length[i];
        if (end > ids) ids = end;
    }
    mine.id = xmalloc((ids + 1) * sizeof *mine.id);
    mine.length = xmalloc(((size_t)words->count + 1) * sizeof *mine.length);
    for (size_t i = 0; i < ids; i++) mine.id[i] = words->id[i];
    for (int i = 0; i < words->count; i++) mine.length[i] = words->length[i];
    while (b.size < size) {
        PairTable t = counted(&mine);
        PairCount best = {0, 0, 0};
        for (int i = 0; i < t.size; i++)
            if (better(&b, t.pair[i], best, ties)) best = t.pair[i];
        pair_table_free(&t);
        if (best.count < 2) break;
        int id = bpe_learn(&b, best.left, best.right);
        for (int i = 0; i < mine.count; i++) mine.length[i] = pair_merge(mine.id + mine.start[i], mine.length[i], best.left, best.right, id);
    }
    free(mine.id);
    free(mine.length);
    return b;
}
