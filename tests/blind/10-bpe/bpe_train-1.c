// wrong: equally frequent pairs are compared by the bytes of both parts joined, not by the left parts first; shows only with --ties greater where one left part begins with the other: (a, c) against (ab, b), joined "ac" is greater, but ab is the greater left part.
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

// The bytes of both parts of a pair, one behind the other.
static unsigned char *joined(const Bpe *b, PairCount p, size_t *n) {
    size_t left = (size_t)b->length[p.left], right = (size_t)b->length[p.right];
    unsigned char *bytes = xmalloc(left + right + 1);
    memcpy(bytes, b->token[p.left], left);
    memcpy(bytes + left, b->token[p.right], right);
    *n = left + right;
    return bytes;
}

// Is p to be merged rather than q, which came before it?
static bool better(const Bpe *b, PairCount p, PairCount q, BpeTies ties) {
    if (p.count != q.count) return p.count > q.count;
    if (ties == TIES_FIRST) return false;
    size_t np, nq;
    unsigned char *one = joined(b, p, &np), *other = joined(b, q, &nq);
    int order = memcmp(one, other, np < nq ? np : nq);
    if (order == 0) order = (np > nq) - (np < nq);
    free(one);
    free(other);
    return order > 0;
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
