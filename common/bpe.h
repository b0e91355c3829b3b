// bpe.h, from lesson 10: a byte-pair vocabulary: tokens as strings of bytes, and the merges that make them.
#ifndef BPE_H
#define BPE_H

#include "util.h"

#include <stdint.h>

// A token is a string of bytes. 256 of them are the single bytes, so that every text can be said. Each merge makes a token of two others;
// its rank, its place in the list, says how early it was learned. A special token has no merges: it is found as a whole, or not at all.
typedef struct {
    int size, room;             // tokens
    unsigned char **token;      // (size) their bytes; NULL: there is no token with this id
    int *length;                // (size)
    bool *special;              // (size)
    int byte[256];              // the ids of the single bytes
    int merges, merge_room;
    int (*pair)[2];             // (merges) by rank: left and right
    int *merged;                // (merges) the id of the two together
    struct BpeSlot *slot;       // a hash table: pair -> rank
    int slots;                  // a power of two, more than twice the merges
} Bpe;

// The single bytes alone, each with its own value as id. Free with bpe_free.
Bpe bpe_bytes(void);
// Without any token: for those who read one from files.
Bpe bpe_empty(void);
void bpe_free(Bpe *b);

// Adds a token of one byte or more under an id that is free (the bytes are copied). A single byte that is not special becomes byte[...].
void bpe_add_token(Bpe *b, int id, const unsigned char *bytes, int length, bool special);
// Adds the next merge: of the tokens left and right, which make the token `id`.
void bpe_add_merge(Bpe *b, int left, int right, int id);
// Learns a merge: adds the token that left and right make, under the next id, and its merge. Returns the id.
int bpe_learn(Bpe *b, int left, int right);

// The rank of a pair, or -1: these two do not merge.
int bpe_rank(const Bpe *b, int left, int right);
// The longest special token that `text` begins with, or -1.
int bpe_special_at(const Bpe *b, const unsigned char *text, size_t n);
// Compares the bytes of two tokens as strings: below 0, 0, above 0.
int bpe_compare(const Bpe *b, int one, int other);

#endif
