// ngram_count.c, your exercise: how often does each character follow each context?
//
// Read ngram_count.h in common/ first: it says what goes in and what comes out.
#include "ngram_count.h"
#include "util.h"

void ngram_count(Stream s, int order, int V, uint32_t *count) {
    // s.id[0 .. s.n-1] are the characters; s.boundary is the id that stands between names (-1: there is none).
    // Begin with order 2: the context is the one character before. Order 3 is extra.
    (void)s;
    (void)order;
    (void)V;
    (void)count;
    TODO("for every character but the first, add 1 to count[context*V + character]");
}
