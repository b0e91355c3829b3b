// pair_table.h, from lesson 10: numbers filed under pairs of tokens.
#ifndef PAIR_TABLE_H
#define PAIR_TABLE_H

#include "util.h"

// Pairs in the order in which they came, each with a count; a hash table finds them.
typedef struct {
    int left, right;
    long count;
} PairCount;

typedef struct {
    PairCount *pair;        // (size)
    int size, room;
    int *slot;              // of indices; -1: empty
    int slots;              // a power of two, at least twice the size
} PairTable;

PairTable pair_table_new(void);
void pair_table_free(PairTable *t);
// The index of a pair; one that is not there yet becomes the last, with count 0. For that all pairs may move to another place in memory: look at t->pair
// only afterwards.
int pair_table_at(PairTable *t, int left, int right);
// Adds to a pair's count.
void pair_table_add(PairTable *t, int left, int right, long by);

#endif
