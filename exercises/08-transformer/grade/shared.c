// grade/shared.c of 08-transformer: what the files of lesson 08's grader share.
#include "judges.h"

#include <math.h>
#include <string.h>

void go_all_the_way_back(Tape *tape, Tensor *y, const float *dy) {
    for (int i = 0; i < tape->count; i++) tape_want_grad(tape, tape->node[i]);
    if (!y->grad) reject("%s wants no gradient, though its inputs do: make it with tape_tensor, and name them there", y->name);
    memcpy(y->grad, dy, y->size * sizeof *dy);
    for (int i = tape->count - 1; i >= 0; i--)
        if (tape->node[i]->grad && tape->node[i]->backward) tape->node[i]->backward(tape->node[i]);
}

float *slopes_of(double (*f)(void *ctx), void *ctx, double *v, size_t n) {
    const double H = 1e-5;
    float *slope = filled(n, 0);
    for (size_t i = 0; i < n; i++) {
        double at = v[i];
        v[i] = at + H;
        double above = f(ctx);
        v[i] = at - H;
        slope[i] = (float)((above - f(ctx)) / (2 * H));
        v[i] = at;
    }
    return slope;
}

double *doubles(const float *x, size_t n) {
    double *d = xmalloc(n * sizeof *d);
    for (size_t i = 0; i < n; i++) d[i] = x[i];
    return d;
}
