// generate.h, from lesson 01: let a model write, one character at a time.
#ifndef GENERATE_H
#define GENERATE_H

#include "model.h"
#include "rng.h"
#include "sampling.h"

// Writes to `out` what the model makes of the prompt, each character as soon as it is picked:
// a running text: the prompt and then `length` characters; a list of names: `length` names, one a line, each of
// them beginning with the prompt. A name is cut at 100 characters.
// On a prompt with characters that the model has never seen: false, e says which one, nothing was written.
bool generate(const Model *m, const char *prompt, int length, Sampling how, Rng *rng, FILE *out, Error *e);

// The same into a new string of at most 4,000 characters, with spaces in place of newlines: for one line under a
// progress bar. Free it.
char *generate_line(const Model *m, int length, Sampling how, Rng *rng);

#endif
