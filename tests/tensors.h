// tensors.h: what the tests of operations share: parameters with memory of their own, and a loss of any tensor.
#ifndef TENSORS_H
#define TENSORS_H

#include "tensor.h"
#include "testing.h"

#include <stdlib.h>
#include <string.h>

// A parameter with random values of up to `most` and a gradient of zeros. Both have malloc'ed memory of just their size, so
// that AddressSanitizer sees their ends. Free with leaf_free.
static inline Tensor *leaf_new(const char *name, int ndim, const int *shape, double most, unsigned seed) {
    Tensor *t = xcalloc(1, sizeof *t);
    *t = (Tensor){.name = name, .ndim = ndim, .size = 1, .wants_grad = true};
    for (int i = 0; i < ndim; i++) t->size *= (size_t)(t->shape[i] = shape[i]);
    t->data = xmalloc(t->size * sizeof(float));
    t->grad = xcalloc(t->size, sizeof(float));
    testing_fill(t->data, t->size, most, seed);
    return t;
}

static inline Tensor *leaf_of(const char *name, int ndim, const int *shape, const float *values) {
    Tensor *t = leaf_new(name, ndim, shape, 1, 1);
    memcpy(t->data, values, t->size * sizeof(float));
    return t;
}

static inline void leaf_free(Tensor *t) {
    free(t->data);
    free(t->grad);
    free(t);
}

// loss = sum of weight[i] y[i], so that d loss / d y is the weight.
static inline void weigh_backward(Tensor *loss) {
    Tensor *y = loss->in[0];
    const float *weight = loss->saved;
    for (size_t i = 0; y->grad && i < y->size; i++) y->grad[i] += loss->grad[0] * weight[i];
}

static inline Tensor *weigh(Tape *tape, Tensor *y, const float *weight) {
    Tensor *loss = tape_tensor(tape, "weigh", 0, NULL, weigh_backward, (Tensor *[]){y, NULL});
    double sum = 0;
    for (size_t i = 0; i < y->size; i++) sum += (double)weight[i] * y->data[i];
    loss->data[0] = (float)sum;
    loss->saved = memcpy(tape_floats(tape, y->size), weight, y->size * sizeof *weight);
    return loss;
}

// Goes back from y with gradient dy, twice: all that it passes on must then have been added twice (see close_to_half).
static inline void back_twice(Tape *tape, Tensor *y, const float *dy) {
    tape_want_grad(tape, y);
    memcpy(y->grad, dy, y->size * sizeof *dy);
    y->backward(y);
    y->backward(y);
}

static inline void close_to_half(const char *what, const float *got, const float *want, size_t n, double absolute, double relative) {
    float *half = xmalloc(n * sizeof *half);
    for (size_t i = 0; i < n; i++) half[i] = got[i] / 2;
    testing_close(what, half, want, n, absolute, relative);
    free(half);
}

#endif
