// wrong: the gain's gradient is dy * y, with the gain in it, in place of dy * u; shows wherever a gain is not 1 (as all are at first).
// op_rmsnorm.c, your exercise: every row with mean square 1.
//
// Read op_rmsnorm.h in common/ first. Plain loops are right.
#include "op_rmsnorm.h"

#include <math.h>

static const float EPS = 1e-5f;

// From y->grad, (N,C), to the gradients of the inputs; each is added to (+=), and skipped where it is NULL.
static void rmsnorm_backward(Tensor *y) {
    Tensor *x = y->in[0], *gain = y->in[1];
    const float *r = y->saved;          // (N) from forward
    int N = rows_of(x), C = last_of(x);
    for (int n = 0; n < N; n++) {
        const float *in = x->data + n * C, *dy = y->grad + n * C;
        float mean = 0;
        for (int c = 0; c < C; c++) {
            float u = in[c] * r[n];
            if (gain->grad) gain->grad[c] += dy[c] * y->data[n * C + c];
            mean += dy[c] * gain->data[c] * u / (float)C;
        }
        if (!x->grad) continue;
        for (int c = 0; c < C; c++) x->grad[n * C + c] += r[n] * (dy[c] * gain->data[c] - in[c] * r[n] * mean);
    }
}

Tensor *op_rmsnorm(Tape *tape, Tensor *x, Tensor *gain) {
    int N = rows_of(x), C = last_of(x);
    CHECK((int)gain->size == C, "op_rmsnorm: x is %s from \"%s\", gain is %s; want (...,C) and (C)", shape_text(x), x->name, shape_text(gain));
    Tensor *y = tape_tensor(tape, "op_rmsnorm", x->ndim, x->shape, rmsnorm_backward, (Tensor *[]){x, gain, NULL});     // (...,C)
    float *r = y->saved = tape_floats(tape, (size_t)N);       // (N) of each row 1 / sqrt(mean of x² + EPS), for backward

    for (int n = 0; n < N; n++) {
        const float *in = x->data + n * C;
        float square = 0;
        for (int c = 0; c < C; c++) square += in[c] * in[c];
        r[n] = 1 / sqrtf(square / (float)C + EPS);
        for (int c = 0; c < C; c++) y->data[n * C + c] = in[c] * r[n] * gain->data[c];
    }

    return y;
}
