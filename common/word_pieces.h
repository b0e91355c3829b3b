// word_pieces.h, from lesson 06: words as a model's vocabulary: how to read, write and save them.
#ifndef WORD_PIECES_H
#define WORD_PIECES_H

#include "words.h"

// Words as pieces of a Vocab. start: the id that stands before everything. The words must live as long. Free with word_pieces_free.
Pieces word_pieces(Words *w, int start);
void word_pieces_free(Pieces *p);
// The same words again, from the bytes of such pieces. On bytes that are none: false, and e says so.
bool word_pieces_restore(Words *w, const void *bytes, size_t size, Error *e);

#endif
