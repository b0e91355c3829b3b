// inspect.h of 06-rnn-lstm: memory, looked at from outside.
#ifndef INSPECT_H
#define INSPECT_H

#include "corpus.h"
#include "net.h"

// Words only: the perplexity of the validation and test splits by counting, and the answers to the questions in them, on stdout.
void inspect_words(Net *net, const Corpus *data);

// How much the loss at one place depends on each character (or word) before it: the norm of the loss's gradient at the embedding
// that was read so many places earlier, mean over windows of the validation split. On stdout, and as distance.png in dir; one curve
// for each net. The nets must share the corpus's words.
void inspect_distance(Net *const *net, const char *const *name, int nets, const Corpus *data, const char *dir);

// What each unit of the state follows: place in the line, in the word, ...; and one of them over the beginning of the validation split,
// also as unit-N.png in dir. by_sequence: of its names or lines, each for itself. unit -1: the one that follows something best.
void inspect_unit(Net *net, const Corpus *data, bool by_sequence, int unit, const char *dir);

// Where the net looks before it answers the question `which` (from 1) of the validation split; where there are no questions, at
// the end of its first window. Also as attention.png in dir.
void inspect_attention(Net *net, const Corpus *data, int which, const char *dir);

#endif
