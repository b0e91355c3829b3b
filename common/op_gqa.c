// op_gqa.c, from lesson 11: several heads share one key and one value.
#include "op_gqa.h"
#include "rows.h"

#include <string.h>

// Where each head's numbers come from: the column of x for head h of `part` (0 queries, 1 keys, 2 values).
typedef struct {
    int NH, KV, HS;
} Groups;

static int column(Groups z, int part, int h) { return part == 0 ? h * z.HS : (z.NH + (part - 1) * z.KV + h / (z.NH / z.KV)) * z.HS; }

// A shared key was used by several heads: what they want of it adds up.
static void backward_row(Tensor *y, int n) {
    Groups z = *(const Groups *)y->saved;
    const float *dy = y->grad + (size_t)n * (size_t)last_of(y);
    float *dx = y->in[0]->grad + (size_t)n * (size_t)last_of(y->in[0]);
    for (int part = 0; part < 3; part++)
        for (int h = 0; h < z.NH; h++, dy += z.HS) {
            float *to = dx + column(z, part, h);
#pragma omp simd
            for (int i = 0; i < z.HS; i++) to[i] += dy[i];
        }
}

static void gqa_backward(Tensor *y) {
    if (y->in[0]->grad) rows_each(y, rows_of(y), y->size, backward_row);
}

static void forward_row(Tensor *y, int n) {
    Groups z = *(const Groups *)y->saved;
    const float *x = y->in[0]->data + (size_t)n * (size_t)last_of(y->in[0]);
    float *out = y->data + (size_t)n * (size_t)last_of(y);
    for (int part = 0; part < 3; part++)
        for (int h = 0; h < z.NH; h++, out += z.HS) memcpy(out, x + column(z, part, h), (size_t)z.HS * sizeof *out);
}

Tensor *op_gqa(Tape *tape, Tensor *x, int NH, int KV) {
    int HS = last_of(x) / (NH + 2 * KV);
    CHECK(x->ndim == 3 && NH % KV == 0 && HS * (NH + 2 * KV) == last_of(x), "op_gqa: x is %s from \"%s\", with %d heads and %d of keys; want (B,T,(NH+2KV)HS), NH a multiple of KV",
          shape_text(x), x->name, NH, KV);
    Tensor *y = tape_tensor(tape, "op_gqa", 3, (int[]){x->shape[0], x->shape[1], 3 * NH * HS}, gqa_backward, (Tensor *[]){x, NULL});     // (B,T,3C)
    Groups *z = y->saved = arena_alloc(&tape->arena, sizeof *z);
    *z = (Groups){NH, KV, HS};
    rows_each(y, rows_of(y), y->size, forward_row);
    return y;
}
