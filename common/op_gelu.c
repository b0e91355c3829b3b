// op_gelu.c, from lesson 08: a soft ReLU.
#include "op_gelu.h"
#include "rows.h"
#include "vecsigmoid.h"

static const float ROOT = 0.79788456f, CUBE = 0.044715f;        // sqrt(2/pi)

// dy/dx = s + x s (1 - s) 2 du/dx      du/dx = sqrt(2/pi) (1 + 3 * 0.044715 x²)
static void backward_row(Tensor *y, int n) {
    size_t C = (size_t)last_of(y), at = (size_t)n * C;
    const float *x = y->in[0]->data + at, *dy = y->grad + at;
    float *dx = y->in[0]->grad + at;
#pragma omp simd
    for (size_t c = 0; c < C; c++) {
        float v = x[c], s = vec_sigmoid(2 * ROOT * (v + CUBE * v * v * v));
        dx[c] += dy[c] * (s + v * s * (1 - s) * 2 * ROOT * (1 + 3 * CUBE * v * v));
    }
}

static void gelu_backward(Tensor *y) {
    if (y->in[0]->grad) rows_each(y, rows_of(y), 8 * y->size, backward_row);
}

static void forward_row(Tensor *y, int n) {
    size_t C = (size_t)last_of(y), at = (size_t)n * C;
    const float *x = y->in[0]->data + at;
    float *out = y->data + at;
#pragma omp simd
    for (size_t c = 0; c < C; c++) out[c] = x[c] * vec_sigmoid(2 * ROOT * (x[c] + CUBE * x[c] * x[c] * x[c]));
}

Tensor *op_gelu(Tape *tape, Tensor *x) {
    Tensor *y = tape_tensor(tape, "op_gelu", x->ndim, x->shape, gelu_backward, (Tensor *[]){x, NULL});
    rows_each(y, rows_of(y), 4 * y->size, forward_row);
    return y;
}
