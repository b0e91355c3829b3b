// wrong: the gain's gradient is added only inside the branch for the bias, so without a bias (or where the bias wants no gradient) the gain gets none.
// op_layernorm.c, your exercise: every row with mean 0 and variance 1.
//
// Read op_layernorm.h in common/ first. Plain loops are right.
#include "op_layernorm.h"

#include <math.h>

static const float EPS = 1e-5f;

// What forward leaves for backward.
typedef struct {
    float *m, *r;           // (N) of every row the mean and 1 / sqrt(v + EPS)
} Saved;

// From y->grad, (N,C), to the gradients of the inputs; each is added to (+=), and skipped where it is NULL.
static void layernorm_backward(Tensor *y) {
    Tensor *x = y->in[0], *gain = y->in[1], *bias = y->in[2];       // bias may be NULL
    const Saved *s = y->saved;
    int N = rows_of(x), C = last_of(x);
    for (int n = 0; n < N; n++) {
        const float *row = x->data + (size_t)n * C, *dy = y->grad + (size_t)n * C;
        float m = s->m[n], r = s->r[n];
        if (bias && bias->grad) {
            for (int c = 0; c < C; c++) {
                bias->grad[c] += dy[c];
                if (gain->grad) gain->grad[c] += dy[c] * (row[c] - m) * r;
            }
        }
        if (!x->grad) continue;
        float *dx = x->grad + (size_t)n * C;
        float mean = 0, mean_u = 0;
        for (int c = 0; c < C; c++) {
            float du = dy[c] * gain->data[c];
            mean += du;
            mean_u += du * (row[c] - m) * r;
        }
        mean /= C;
        mean_u /= C;
        for (int c = 0; c < C; c++) {
            float u = (row[c] - m) * r;
            dx[c] += r * (dy[c] * gain->data[c] - mean - u * mean_u);
        }
    }
}

Tensor *op_layernorm(Tape *tape, Tensor *x, Tensor *gain, Tensor *bias) {
    int N = rows_of(x), C = last_of(x);
    CHECK((int)gain->size == C && (!bias || (int)bias->size == C), "op_layernorm: x is %s from \"%s\", gain is %s, bias is %s; want (...,C), (C) and (C)",
          shape_text(x), x->name, shape_text(gain), bias ? shape_text(bias) : "absent");
    Tensor *y = tape_tensor(tape, "op_layernorm", x->ndim, x->shape, layernorm_backward, (Tensor *[]){x, gain, bias, NULL});    // (...,C)
    Saved *s = y->saved = arena_alloc(&tape->arena, sizeof *s);
    *s = (Saved){tape_floats(tape, N), tape_floats(tape, N)};

    for (int n = 0; n < N; n++) {
        const float *row = x->data + (size_t)n * C;
        float *out = y->data + (size_t)n * C;
        float m = 0, v = 0;
        for (int c = 0; c < C; c++) m += row[c];
        m /= C;
        for (int c = 0; c < C; c++) v += (row[c] - m) * (row[c] - m);
        v /= C;
        float r = 1.0f / sqrtf(v + EPS);
        s->m[n] = m;
        s->r[n] = r;
        for (int c = 0; c < C; c++) out[c] = (row[c] - m) * r * gain->data[c] + (bias ? bias->data[c] : 0.0f);
    }

    return y;
}
