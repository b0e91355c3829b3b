// bpe_words.h, from lesson 10: the pieces of a text, each once, and how often it stands there.
#ifndef BPE_WORDS_H
#define BPE_WORDS_H

#include "util.h"

// All that training needs of a text: two pieces that are alike are merged alike.
typedef struct {
    int count;              // pieces, in the order in which each comes first
    long *times;            // (count)
    int *length;            // (count) tokens of each, at first its bytes
    size_t *start;          // (count) where they begin in id
    int *id;
    // for bpe_words_add
    int room, *slot, slots;
    size_t used, id_room;
} BpeWords;

BpeWords bpe_words_new(void);
void bpe_words_free(BpeWords *w);
// Adds one piece, or counts it once more if it is there.
void bpe_words_add(BpeWords *w, const unsigned char *piece, size_t n);
// Cuts a text as pretokenize.h says, and adds its pieces.
void bpe_words_add_text(BpeWords *w, const unsigned char *text, size_t n);

#endif
