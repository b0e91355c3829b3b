// wordpiece.h, from lesson 10: WordPiece, BERT's way to cut words: the longest piece first.
#ifndef WORDPIECE_H
#define WORDPIECE_H

#include "words.h"

// A vocabulary of pieces: those that begin a word as they are ("play"), those that go on within one with ## in front ("##ing"). In a Words, whose special
// words come first: what cannot be cut is WORD_UNK, BERT's [UNK].

// Learns a vocabulary of up to `size` entries from a text: it begins with all characters (bytes), and joins again and again the two neighbours whose pair is
// the most frequent for how frequent its parts are, count(left right) / (count(left) count(right)); of equal ones the one that came first. A pair that stands in the text less than twice is not joined. Free with words_free.
// Source: Schuster and Nakajima, "Japanese and Korean voice search", ICASSP 2012; the score as in the Hugging Face course, chapter 6.
Words wordpiece_train(const char *text, size_t n, int size);

// The pieces of one word, into id[] (room for n); how many. From the left on, always the longest piece that the rest begins with; ## is in front of all but
// the first. If nothing fits somewhere, the whole word is one WORD_UNK; no shorter piece is tried then, further to the left. The special words are no pieces:
// a word "<pad>" is cut like any other. In wordpiece_word.c.
// Source: Devlin et al., "BERT", 2019, tokenization.py.
int wordpiece_word(const Words *w, const char *word, int n, int *id);

#endif
