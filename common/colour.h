// colour.h, from lesson 10: a text in which one sees its tokens.
#ifndef COLOUR_H
#define COLOUR_H

#include "bpe.h"

#include <stdio.h>

// Prints the tokens: on a terminal each on a background of its own, elsewhere with | between them. A newline is shown as well as made.
void colour_tokens(FILE *out, const Bpe *b, const int *id, size_t n);

#endif
