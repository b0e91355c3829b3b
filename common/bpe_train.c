// bpe_train.c, from lesson 10: learning merges from a text.
#include "bpe_train.h"
#include "pair_count.h"
#include "pair_merge.h"

#include <stdlib.h>
#include <string.h>

// All pairs with their counts are kept, and for each the words that it may stand in. A merge changes only those words: their old pairs are taken off the
// counts, their new ones added. A heap knows the most frequent pair; counts fall behind its back, so what it gives out is checked first.

typedef struct {
    int *word;              // in their order; it may have left some of them since
    int count, room;
} WordList;

typedef struct {
    long count;
    size_t first;           // TIES_FIRST: where the pair comes first, as a place in words->id
    int pair;
} Entry;

typedef struct {
    Bpe bpe;
    BpeWords *words;
    BpeTies ties;
    PairTable pairs;
    WordList *in;           // (pairs) which words
    int in_room;
    Entry *heap;
    int entries, heap_room;
} Trainer;

// --- where a pair stands ---

static void note(Trainer *t, int pair, int word) {
    if (pair >= t->in_room) {
        int room = max_int(2 * t->in_room, pair + 1024);
        t->in = xrealloc(t->in, (size_t)room * sizeof *t->in);
        memset(t->in + t->in_room, 0, (size_t)(room - t->in_room) * sizeof *t->in);
        t->in_room = room;
    }
    WordList *l = &t->in[pair];
    if (l->count > 0 && l->word[l->count - 1] == word) return;
    if (l->count == l->room) l->word = xrealloc(l->word, (size_t)(l->room = l->room ? 2 * l->room : 4) * sizeof *l->word);
    l->word[l->count++] = word;
}

// The first place of a pair in the text; words that it has left are dropped on the way.
static size_t first_place(Trainer *t, int pair) {
    WordList *l = &t->in[pair];
    const PairCount *p = &t->pairs.pair[pair];
    for (int k = 0; k < l->count; k++) {
        const BpeWords *w = t->words;
        const int *id = w->id + w->start[l->word[k]];
        for (int i = 0; i + 1 < w->length[l->word[k]]; i++)
            if (id[i] == p->left && id[i + 1] == p->right) {
                memmove(l->word, l->word + k, (size_t)(l->count - k) * sizeof *l->word);
                l->count -= k;
                return w->start[l->word[0]] + (size_t)i;
            }
    }
    return SIZE_MAX;
}

// --- the heap ---

static bool before(const Trainer *t, Entry a, Entry b) {
    if (a.count != b.count) return a.count > b.count;
    if (t->ties == TIES_FIRST) return a.first < b.first;
    const PairCount *x = &t->pairs.pair[a.pair], *y = &t->pairs.pair[b.pair];
    int left = bpe_compare(&t->bpe, x->left, y->left);
    return left ? left > 0 : bpe_compare(&t->bpe, x->right, y->right) > 0;
}

static Entry entry_of(Trainer *t, int pair) {
    return (Entry){t->pairs.pair[pair].count, t->ties == TIES_FIRST ? first_place(t, pair) : 0, pair};
}

static void push(Trainer *t, Entry new) {
    if (t->entries == t->heap_room) t->heap = xrealloc(t->heap, (size_t)(t->heap_room = t->heap_room ? 2 * t->heap_room : 1024) * sizeof *t->heap);
    int i = t->entries++;
    for (; i > 0 && before(t, new, t->heap[(i - 1) / 2]); i = (i - 1) / 2) t->heap[i] = t->heap[(i - 1) / 2];
    t->heap[i] = new;
}

static Entry pop(Trainer *t) {
    Entry top = t->heap[0], last = t->heap[--t->entries];
    int i = 0;
    for (int k; (k = 2 * i + 1) < t->entries; i = k) {
        if (k + 1 < t->entries && before(t, t->heap[k + 1], t->heap[k])) k++;
        if (!before(t, t->heap[k], last)) break;
        t->heap[i] = t->heap[k];
    }
    t->heap[i] = last;
    return top;
}

// The pair to be merged next; -1: none stands there twice.
static int best_pair(Trainer *t) {
    while (t->entries > 0) {
        Entry e = pop(t), now = entry_of(t, e.pair);
        if (now.count < 2) continue;
        if (now.count == e.count && now.first == e.first) return e.pair;
        push(t, now);       // it has become less, or comes later
    }
    return -1;
}

// --- training ---

static void count_word(Trainer *t, int word, long by, int only) {
    const BpeWords *w = t->words;
    const int *id = w->id + w->start[word];
    pair_count(&t->pairs, id, w->length[word], by);
    for (int i = 0; i + 1 < w->length[word]; i++)
        if (only < 0 || id[i] == only || id[i + 1] == only) note(t, pair_table_at(&t->pairs, id[i], id[i + 1]), word);
}

static void merge(Trainer *t, int pair) {
    PairCount p = t->pairs.pair[pair];
    int id = bpe_learn(&t->bpe, p.left, p.right), known = t->pairs.size;
    WordList l = t->in[pair];
    t->in[pair] = (WordList){0};
    for (int k = 0; k < l.count; k++) {
        int word = l.word[k], *ids = t->words->id + t->words->start[word], *n = &t->words->length[word], i = 0;
        while (i + 1 < *n && !(ids[i] == p.left && ids[i + 1] == p.right)) i++;
        if (i + 1 >= *n) continue;      // it is not there any more
        count_word(t, word, -t->words->times[word], id);
        *n = pair_merge(ids, *n, p.left, p.right, id);
        count_word(t, word, t->words->times[word], id);
    }
    free(l.word);
    for (int i = known; i < t->pairs.size; i++) push(t, entry_of(t, i));        // with the new token: no other pair has become more frequent
}

Bpe bpe_train(BpeWords *words, int size, BpeTies ties) {
    Trainer t = {.bpe = bpe_bytes(), .words = words, .ties = ties, .pairs = pair_table_new()};
    for (int word = 0; word < words->count; word++) count_word(&t, word, words->times[word], -1);
    for (int i = 0; i < t.pairs.size; i++) push(&t, entry_of(&t, i));
    for (int pair; t.bpe.size < size && (pair = best_pair(&t)) >= 0;) merge(&t, pair);
    for (int i = 0; i < t.in_room; i++) free(t.in[i].word);
    free(t.in);
    free(t.heap);
    pair_table_free(&t.pairs);
    return t.bpe;
}
