// inspect.h of 09-gpt: what context is worth, what surprises the model, and what the cache saves.
#ifndef INSPECT_H
#define INSPECT_H

#include "gpt.h"
#include "text.h"
#include "writer.h"

// The mean loss at each place of its window, over the split: printed at some of them, drawn as context.png in dir.
void inspect_context(Gpt *gpt, Stream split, const char *dir);
// id[0..n): each character as surprising as it was, from what stands before it; and what was expected where it was most surprised.
void inspect_surprise(Gpt *gpt, const Vocab *vocab, const int *id, int n);
// Writes `count` tokens, always the likeliest, with the cache and without: the same ones; prints tokens a second of both.
void inspect_speed(Writer *w, int count);

#endif
