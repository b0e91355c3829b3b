// expect: the gain stands outside of the bracket
#include "op_rmsnorm.h"

#include <math.h>

static const float EPS = 1e-5f;

// With u = x r and du = dy gain:   dgain += dy u,  dx = r (du - u mean(du u)), the mean over the C numbers of a row
static void rmsnorm_backward(Tensor *y) {
    Tensor *x = y->in[0], *gain = y->in[1];
    const float *r = y->saved; // (N)
    int N = rows_of(x), C = last_of(x);
    for (int n = 0; n < N; n++) {
        float mean = 0;
        for (int c = 0; c < C; c++) {
            float u = x->data[n * C + c] * r[n], dy = y->grad[n * C + c];
            if (gain->grad) gain->grad[c] += dy * u;
            mean += dy * u / C;
        }
        for (int c = 0; c < C && x->grad; c++) {
            float u = x->data[n * C + c] * r[n], du = y->grad[n * C + c];
            x->grad[n * C + c] += gain->data[c] * r[n] * (du - u * mean);
        }
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
        for (int c = 0; c < C; c++) square += in[c] * in[c] / C;
        r[n] = 1 / sqrtf(square + EPS);
        for (int c = 0; c < C; c++) y->data[n * C + c] = in[c] * r[n] * gain->data[c];
    }
    return y;
}
