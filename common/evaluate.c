// evaluate.c, from lesson 03: the loss of a model on a whole split.
#include "evaluate.h"
#include "lesson.h"
#include "op_cross_entropy.h"

#include <math.h>

enum { AT_ONCE = 2048 };    // large enough to be fast, small enough for the cache

double evaluate(Tensor *(*logits)(void *ctx, Tape *tape, const int *context, int N), void *ctx, const Examples *e) {
    Tape tape = tape_new(false);
    double sum = 0;
    for (int from = 0; from < e->N; from += AT_ONCE) {
        int n = min_int(AT_ONCE, e->N - from);
        tape_reset(&tape);
        Tensor *out = logits(ctx, &tape, e->context + (size_t)from * (size_t)e->block, n);      // (n,V)
        sum += (double)op_cross_entropy(&tape, out, e->target + from, NO_IGNORE)->data[0] * n;
    }
    tape_free(&tape);
    return e->N ? sum / e->N : NAN;
}

void evaluate_print(double (*loss)(void *ctx, SplitName split), void *ctx, const Vocab *vocab) {
    static const char *const name[] = {"training", "validation", "test"};
    for (int i = 0; i < COUNT(name); i++) lesson_print_loss_per(name[i], loss(ctx, (SplitName)i), vocab_unit(vocab));
}
