// op_penalty.c, from lesson 02: keep the weights small.
#include "op_penalty.h"

// y = loss + s mean(w²)      dloss = dy      dw_i = dy s 2 w_i / size
static void penalty_backward(Tensor *y) {
    Tensor *loss = y->in[0], *w = y->in[1];
    float scale = y->grad[0] * *(float *)y->saved * 2 / (float)w->size;
    if (loss->grad) loss->grad[0] += y->grad[0];
    if (w->grad)
        for (size_t i = 0; i < w->size; i++) w->grad[i] += scale * w->data[i];
}

Tensor *op_penalty(Tape *tape, Tensor *loss, Tensor *w, float strength) {
    CHECK(loss->size == 1, "op_penalty: the loss is %s, want a single number", shape_text(loss));
    Tensor *y = tape_tensor(tape, "op_penalty", 0, NULL, penalty_backward, (Tensor *[]){loss, w, NULL});
    double sum = 0;
    for (size_t i = 0; i < w->size; i++) sum += (double)w->data[i] * w->data[i];
    y->data[0] = (float)(loss->data[0] + strength * sum / (double)w->size);
    y->saved = tape_floats(tape, 1);
    *(float *)y->saved = strength;
    return y;
}
