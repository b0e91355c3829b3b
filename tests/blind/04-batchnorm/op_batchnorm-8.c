// wrong: backward gets u back from the output, as (y - bias) / gain, which is 0 / 0 where a gain is 0.
// op_batchnorm.c, your exercise: every column with mean 0 and variance 1 over the batch.
//
// Read op_batchnorm.h in common/ first, and the struct BatchNorm in batchnorm.h.
#include "op_batchnorm.h"

#include <math.h>

typedef struct {
    bool training;
    float *m, *r;           // (C) of every column the mean and 1 / sqrt(v + eps): forward leaves them here for backward
} Saved;

// From y->grad, (N,C), to the gradients of the inputs; each is added to (+=), and skipped where it is NULL.
static void batchnorm_backward(Tensor *y) {
    Tensor *x = y->in[0], *gain = y->in[1], *bias = y->in[2];
    const Saved *s = y->saved;
    int N = rows_of(x), C = last_of(x);
    for (int c = 0; c < C; c++) {
        double sum = 0, sum_u = 0;
        for (int n = 0; n < N; n++) {
            size_t i = (size_t)n * C + c;
            float u = (y->data[i] - bias->data[c]) / gain->data[c];
            sum += y->grad[i];
            sum_u += y->grad[i] * u;
        }
        if (bias->grad) bias->grad[c] += sum;
        if (gain->grad) gain->grad[c] += sum_u;
        if (!x->grad) continue;
        float gr = gain->data[c] * s->r[c];
        for (int n = 0; n < N; n++) {
            size_t i = (size_t)n * C + c;
            float u = (y->data[i] - bias->data[c]) / gain->data[c];
            if (s->training) x->grad[i] += gr * (y->grad[i] - sum / N - u * sum_u / (N - 1));
            else x->grad[i] += gr * y->grad[i];
        }
    }
}

// x (N,C) -> y (N,C) by this batch's own mean and variance, N of 2 or more.
static void forward_training(const Tensor *x, BatchNorm *bn, Saved *s, Tensor *y) {
    int N = rows_of(x), C = last_of(x);
    float mu = bn->momentum;
    for (int c = 0; c < C; c++) {
        double m = 0, v = 0;
        for (int n = 0; n < N; n++) m += x->data[(size_t)n * C + c];
        m /= N;
        for (int n = 0; n < N; n++) {
            double d = x->data[(size_t)n * C + c] - m;
            v += d * d;
        }
        v /= N - 1;
        double r = 1 / sqrt(v + bn->eps);
        s->m[c] = m;
        s->r[c] = r;
        bn->mean->data[c] = (1 - mu) * bn->mean->data[c] + mu * m;
        bn->var->data[c] = (1 - mu) * bn->var->data[c] + mu * v;
        for (int n = 0; n < N; n++) {
            size_t i = (size_t)n * C + c;
            y->data[i] = bn->gain->data[c] * (x->data[i] - m) * r + bn->bias->data[c];
        }
    }
}

// The same by the running estimates, N of 1 or more.
static void forward_evaluation(const Tensor *x, const BatchNorm *bn, Saved *s, Tensor *y) {
    int N = rows_of(x), C = last_of(x);
    for (int c = 0; c < C; c++) {
        s->m[c] = bn->mean->data[c];
        s->r[c] = 1 / sqrtf(bn->var->data[c] + bn->eps);
    }
    for (int n = 0; n < N; n++)
        for (int c = 0; c < C; c++) {
            size_t i = (size_t)n * C + c;
            y->data[i] = bn->gain->data[c] * (x->data[i] - s->m[c]) * s->r[c] + bn->bias->data[c];
        }
}

Tensor *op_batchnorm(Tape *tape, Tensor *x, BatchNorm *bn, bool training) {
    int N = rows_of(x), C = last_of(x);
    CHECK((int)bn->gain->size == C, "op_batchnorm: x is %s from \"%s\", gain is %s; want (...,C) and (C)", shape_text(x), x->name, shape_text(bn->gain));
    CHECK(!training || N > 1, "op_batchnorm: x is %s from \"%s\": one row has no variance; want 2 or more in training", shape_text(x), x->name);
    Tensor *y = tape_tensor(tape, "op_batchnorm", x->ndim, x->shape, batchnorm_backward, (Tensor *[]){x, bn->gain, bn->bias, NULL});    // (...,C)
    Saved *s = y->saved = arena_alloc(&tape->arena, sizeof *s);
    *s = (Saved){training, tape_floats(tape, C), tape_floats(tape, C)};
    if (training) forward_training(x, bn, s, y);
    else forward_evaluation(x, bn, s, y);
    return y;
}
