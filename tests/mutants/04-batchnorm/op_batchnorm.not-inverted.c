// expect: x - m is multiplied by the deviation: it is divided by it, r = 1 / sqrt(v + eps)
#include "op_batchnorm.h"

#include <math.h>

typedef struct {
    bool training;
    float *m, *r;           // (C) the mean and 1 / sqrt(v + eps)
} Saved;

// With u = (x - m) r, and all sums over the N rows of a column:
//     dbias = sum dy,  dgain = sum dy u
//     dx = gain r (dy - sum(dy)/N - u sum(dy u)/(N-1))     in training
//     dx = gain r dy                                       in evaluation: x moves neither m nor r
static void batchnorm_backward(Tensor *y) {
    Tensor *x = y->in[0], *gain = y->in[1], *bias = y->in[2];
    const Saved *s = y->saved;
    int N = rows_of(x), C = last_of(x);
    for (int c = 0; c < C; c++) {
        float m = s->m[c], r = s->r[c], sum = 0, sum_u = 0;
        for (int n = 0; n < N; n++) {
            float u = (x->data[n * C + c] - m) * r, dy = y->grad[n * C + c];
            sum += dy;
            sum_u += dy * u;
        }
        if (bias->grad) bias->grad[c] += sum;
        if (gain->grad) gain->grad[c] += sum_u;
        for (int n = 0; n < N && x->grad; n++) {
            float u = (x->data[n * C + c] - m) * r, dy = y->grad[n * C + c];
            if (s->training) dy -= sum / N + u * sum_u / (N - 1);
            x->grad[n * C + c] += gain->data[c] * r * dy;
        }
    }
}

static void normalise(const Tensor *x, const BatchNorm *bn, const Saved *s, Tensor *y) {
    int N = rows_of(x), C = last_of(x);
    for (int n = 0; n < N; n++)
        for (int c = 0; c < C; c++)
            y->data[n * C + c] = bn->gain->data[c] * (x->data[n * C + c] - s->m[c]) * s->r[c] + bn->bias->data[c];
}

static void forward_training(const Tensor *x, BatchNorm *bn, Saved *s, Tensor *y) {
    int N = rows_of(x), C = last_of(x);
    for (int c = 0; c < C; c++) {
        float m = 0, v = 0;
        for (int n = 0; n < N; n++) m += x->data[n * C + c] / N;
        for (int n = 0; n < N; n++) v += (x->data[n * C + c] - m) * (x->data[n * C + c] - m) / (N - 1);
        bn->mean->data[c] += bn->momentum * (m - bn->mean->data[c]);
        bn->var->data[c] += bn->momentum * (v - bn->var->data[c]);
        s->m[c] = m;
        s->r[c] = sqrtf(v + bn->eps);
    }
    normalise(x, bn, s, y);
}

static void forward_evaluation(const Tensor *x, const BatchNorm *bn, Saved *s, Tensor *y) {
    int C = last_of(x);
    for (int c = 0; c < C; c++) {
        s->m[c] = bn->mean->data[c];
        s->r[c] = 1 / sqrtf(bn->var->data[c] + bn->eps);
    }
    normalise(x, bn, s, y);
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
