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
    (void)x;
    (void)y;
    TODO("the more frequent word first; of equally frequent ones that which strcmp puts first");
}

static void add_word(void *all, const char *start, int length) {
    if (*start != '\n') words_add(all, start, length);
}

Words words_of_text(const char *text, size_t n, int least_count, int most) {
    Words all = words_special();                    // the special words, and then every word of the text, once
    words_cut(text, n, add_word, &all);
    int *id = xmalloc((n + 1) * sizeof *id), ids = words_encode(&all, text, n, id);     // the text as ids of `all`
    long *count = xcalloc((size_t)all.size, sizeof *count);
    (void)ids;
    TODO("count[i]: how often id i occurs");

    Entry *entry = xmalloc((size_t)all.size * sizeof *entry);
    int entries = 0;
    (void)least_count;
    TODO("an entry for each word, but not for the special ones, that occurs often enough");
    qsort(entry, (size_t)entries, sizeof *entry, by_count);

    Words w = words_special();
    (void)most;
    TODO("words_add the first entries to w, at most `most`");
    free(entry);
    free(count);
    free(id);
    words_free(&all);
    return w;
}
