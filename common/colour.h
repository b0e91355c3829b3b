// colour.h, from lesson 10: a text in which one sees its tokens.
#ifndef COLOUR_H
#define COLOUR_H

#include "bpe.h"

#include <stdio.h>

// Prints the tokens: on a terminal each on a background of its own, elsewhere with | between them. A newline is shown as well as made; a part of a
// character, and what would do something to the terminal, is shown as \x and two digits.
void colour_tokens(FILE *out, const Bpe *b, const int *id, size_t n);
// Bytes as they can be seen: those of whole characters as they are, others as \n or \x and two digits.
void colour_bytes(FILE *out, const unsigned char *bytes, int n);

#endif
