// kneser_ney.h, from lesson 06: the best that counting does with words, to compare with.
#ifndef KNESER_NEY_H
#define KNESER_NEY_H

#include <stddef.h>
#include <stdint.h>

enum { KN_MOST = 3 };

// How often, by up to three ids packed into one key.
typedef struct {
    uint64_t *key;          // (slots) 0: empty
    int *total, *kinds;     // (slots) how often in all; how many different ones
    size_t slots, used;     // slots is a power of two
} CountTable;

// An n-gram model that takes a discount D from every count, and gives what it took to a shorter context. For order 3, after u v:
//     p(w | u v) = max(c(u v w) - D, 0) / c(u v) + D kinds(u v) / c(u v) p(w | v)
// kinds(u v): how many different words came after u v. The shorter contexts do not count how often v w occurred, but after how
// many different words: "Francisco" is frequent, but only after "San". The last of them is 1/V.
// Source: Kneser and Ney, "Improved backing-off for m-gram language modeling", ICASSP 1995; interpolated as in Chen and Goodman, "An
// empirical study of smoothing techniques for language modeling", 1998, section 4.1.6, with their D = n1 / (n1 + 2 n2), where n1 and
// n2 say how many n-grams were counted once and twice.
typedef struct {
    int order, V;
    double discount[KN_MOST + 1];
    CountTable gram[KN_MOST + 1], context[KN_MOST + 1];      // by length of the n-gram; [0] is not used
} KneserNey;

// Counts id[0..n), ids below V < 2^20. order: 1 (words alone) to KN_MOST. Free with kneser_ney_free.
KneserNey kneser_ney_of(const int *id, size_t n, int V, int order);
void kneser_ney_free(KneserNey *k);
// The probability of id[i] after the ids before it in the same array.
double kneser_ney_prob(const KneserNey *k, const int *id, size_t i);
// The mean loss, in nats, of the ids 1 .. n-1.
double kneser_ney_loss(const KneserNey *k, const int *id, size_t n);

#endif
