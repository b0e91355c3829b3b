// wrong: the last id of the text is not counted (a loop as if over pairs of neighbours).
// word_vocab.c, your exercise: which words of a text become the vocabulary, and in which order.
//
// Read words.h in common/ first: words_of_text is yours to write, the others are there to use.
#include "words.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
    const char *word;
    int length;
    long count;
} Entry;

// For qsort: negative if a comes before b, positive if b comes first.
static int by_count(const void *a, const void *b) {
    const Entry *x = a, *y = b;
    if (x->count != y->count) return x->count > y->count ? -1 : 1;
    return strcmp(x->word, y->word);
}

static void add_word(void *all, const char *start, int length) {
    if (*start != '\n') words_add(all, start, length);
}

Words words_of_text(const char *text, size_t n, int least_count, int most) {
    Words all = words_special();                    // the special words, and then every word of the text, once
    words_cut(text, n, add_word, &all);
    int *id = xmalloc((n + 1) * sizeof *id), ids = words_encode(&all, text, n, id);     // the text as ids of `all`
    long *count = xcalloc((size_t)all.size, sizeof *count);
    for (int i = 0; i + 1 < ids; i++) count[id[i]]++;

    Entry *entry = xmalloc((size_t)all.size * sizeof *entry);
    int entries = 0;
    for (int i = WORDS_SPECIAL; i < all.size; i++)
        if (count[i] >= least_count) entry[entries++] = (Entry){all.word[i], all.length[i], count[i]};
    qsort(entry, (size_t)entries, sizeof *entry, by_count);

    Words w = words_special();
    for (int i = 0; i < entries && i < most; i++) words_add(&w, entry[i].word, entry[i].length);
    free(entry);
    free(count);
    free(id);
    words_free(&all);
    return w;
}
