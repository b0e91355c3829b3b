// wordpiece.c, from lesson 10: WordPiece, BERT's way to cut words: learning the pieces.
#include "wordpiece.h"
#include "bpe_words.h"
#include "pair_count.h"
#include "pair_merge.h"

#include <stdlib.h>
#include <string.h>

enum { LONGEST = 250 };         // bytes of a piece, ## included

static void add_word(void *words, const char *start, int length) {
    if (!(length == 1 && start[0] == '\n')) bpe_words_add(words, (const unsigned char *)start, (size_t)length);
}

// A character at the beginning of a word, or within one.
static int character(Words *v, int byte, bool within) {
    char piece[3] = {'#', '#', (char)byte};
    piece[within ? 2 : 0] = (char)byte;
    return words_add(v, piece, within ? 3 : 1);
}

// Two pieces as one; the second one's ## goes.
static int joined(Words *v, int left, int right) {
    char piece[2 * LONGEST];
    int n = v->length[left], more = v->length[right] - 2;
    memcpy(piece, v->word[left], (size_t)n);
    memcpy(piece + n, v->word[right] + 2, (size_t)more);
    return words_add(v, piece, n + more);
}

// Is count / (left right) greater? Compared as whole numbers, so that equal scores are equal.
__extension__ typedef unsigned __int128 Large;

static bool greater(const PairCount *p, const PairCount *q, const long *times) {
    Large one = (Large)p->count * (Large)times[q->left] * (Large)times[q->right], other = (Large)q->count * (Large)times[p->left] * (Large)times[p->right];
    return one > other;
}

// -1: nothing stands side by side twice.
static int best_pair(const PairTable *t, const long *times, const Words *v) {
    int best = -1;
    for (int i = 0; i < t->size; i++) {
        const PairCount *p = &t->pair[i];
        if (p->count < 2 || v->length[p->left] + v->length[p->right] > LONGEST) continue;
        if (best < 0 || greater(p, &t->pair[best], times)) best = i;
    }
    return best;
}

Words wordpiece_train(const char *text, size_t n, int size) {
    BpeWords w = bpe_words_new();
    Words v = words_special();
    words_cut(text, n, add_word, &w);
    for (int k = 0; k < w.count; k++)
        for (int i = 0; i < w.length[k]; i++) w.id[w.start[k] + (size_t)i] = character(&v, w.id[w.start[k] + (size_t)i], i > 0);
    long *times = xcalloc((size_t)max_int(size, v.size) + 1, sizeof *times);      // of each piece, in all words
    while (v.size < size) {
        PairTable t = pair_table_new();
        memset(times, 0, (size_t)v.size * sizeof *times);
        for (int k = 0; k < w.count; k++) {
            pair_count(&t, w.id + w.start[k], w.length[k], w.times[k]);
            for (int i = 0; i < w.length[k]; i++) times[w.id[w.start[k] + (size_t)i]] += w.times[k];
        }
        int best = best_pair(&t, times, &v);
        if (best >= 0) {
            PairCount p = t.pair[best];
            int id = joined(&v, p.left, p.right);
            for (int k = 0; k < w.count; k++) w.length[k] = pair_merge(w.id + w.start[k], w.length[k], p.left, p.right, id);
        }
        pair_table_free(&t);
        if (best < 0) break;
    }
    free(times);
    bpe_words_free(&w);
    return v;
}
