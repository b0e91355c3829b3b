// inspect.h of 11-moe: who goes to which expert, and how evenly.
#ifndef INSPECT_H
#define INSPECT_H

#include "mixtral.h"
#include "text.h"

// How often each token was sent to each expert of each layer, over pieces of a text.
typedef struct {
    int L, V, E;
    double *count;          // (L,V,E)
} Choices;

// Over up to 400 pieces of the split, which has one at least. Free with choices_free.
Choices choices_of(Mixtral *m, Stream split);
void choices_free(Choices *c);
// Prints each layer's loads, what each expert gets more of than others do, and how much of the choice the character alone decides; draws the layer where
// that is most as experts.png in dir. Returns that layer.
int inspect_choices(const Choices *c, const Vocab *vocab, const char *dir);
// id[0..n): each character in the colour (or, where there are none, or more than eight experts, with the number) of its first expert in this layer.
void inspect_text(Mixtral *m, const Vocab *vocab, const int *id, int n, int layer);
// Draws the run's load.csv as load.png beside it: the busiest and the idlest expert of each of the first eight layers, over training.
void inspect_loads(const char *dir);

#endif
