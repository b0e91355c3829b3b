// backoff.h, from lesson 01: n-grams of every order at once, the longer ones leaning on the shorter ones.
#ifndef BACKOFF_H
#define BACKOFF_H

#include "text.h"

#include <stdint.h>

enum { BACKOFF_MOST = 7 };  // the highest order: 7 ids of 9 bits fit into one 64-bit key

// Witten and Bell, "The zero-frequency problem", IEEE Trans. Information Theory 37 (1991), method C, interpolated:
//     p(c | context) = (n(context c) + k(context) p(c | context without its first character)) / (n(context) + k(context))
// n counts occurrences, k counts the different characters that followed; below the empty context stands 1/V. A long
// context that was seen often speaks for itself; one seen seldom leaves the word to the next shorter one.
typedef struct {
    uint64_t key;           // 0: free; else the ids of a context and of a character (or none), 9 bits each
    uint32_t n, k;
} BackoffCell;

typedef struct {
    int order, V, boundary;
    BackoffCell *cell;      // a hash table with open addressing
    size_t cells, used;
} Backoff;

// Counts all n-grams of the stream up to `order` (1 .. BACKOFF_MOST). Free with backoff_free.
Backoff backoff_fit(Stream s, int order, int V);
void backoff_free(Backoff *b);
// The probability that c comes after id[0..n), from n-grams of at most `order` (which may be less than was fitted).
double backoff_prob(const Backoff *b, const int *id, size_t n, int order, int c);
// The loss on a stream in nats per character.
double backoff_loss(const Backoff *b, Stream s, int order);
// How many different contexts of order-1 characters were seen.
size_t backoff_contexts(const Backoff *b, int order);

#endif
