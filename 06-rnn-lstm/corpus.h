// corpus.h of 06-rnn-lstm: a text as words or characters with special ones, in splits.
#ifndef CORPUS_H
#define CORPUS_H

#include "batches.h"
#include "sequences.h"
#include "word_pieces.h"

typedef struct {
    Words words;
    Pieces pieces;
    Vocab vocab;                // of the pieces
    bool names;                 // every sequence stands for itself; else the text runs on
    int *id[3];                 // by SplitName
    size_t n[3];
    Sequences sequence[3];      // of names, or of lines
} Corpus;

// word_level: words that occur least_count times or more, at most `most`; else characters. `words`: a vocabulary to use (its contents
// are taken over), or NULL: made of the training split. Sequences of up to `longest` ids. Free with corpus_free; must not move.
void corpus_init(Corpus *c, const Text *t, bool word_level, int least_count, int most, Words *words, int longest);
// Only the vocabulary, from its words, for a model that is to write.
void corpus_vocab(Corpus *c, bool names);
void corpus_free(Corpus *c);

#endif
