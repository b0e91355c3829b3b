// batches.c, from lesson 03: a text as examples in three splits, and the minibatch of a step.
#include "batches.h"
#include "minibatch.h"

#include <stdio.h>
#include <stdlib.h>

Batches batches_of(const Text *t, int block, int B, int seed) {
    Batches b = {.B = B};
    b.split[SPLIT_TRAIN] = examples_of(t->train, block);
    b.split[SPLIT_VAL] = examples_of(t->val, block);
    b.split[SPLIT_TEST] = examples_of(t->test, block);
    b.x = xmalloc((size_t)B * (size_t)block * sizeof *b.x);
    b.y = xmalloc((size_t)B * sizeof *b.y);
    rng_seed(&b.rng, (uint32_t)seed);
    return b;
}

void batches_free(Batches *b) {
    for (int i = 0; i < 3; i++) examples_free(&b->split[i]);
    free(b->x);
    free(b->y);
    *b = (Batches){0};
}

void batches_next(Batches *b) {
    const Examples *e = &b->split[SPLIT_TRAIN];
    minibatch(&b->rng, e->context, e->target, e->N, e->block, b->B, b->x, b->y);
}

void batches_print(const Batches *b, const char *name) {
    printf("%s: %d training examples, %d for validation, %d for test\n", name, b->split[SPLIT_TRAIN].N, b->split[SPLIT_VAL].N, b->split[SPLIT_TEST].N);
}
