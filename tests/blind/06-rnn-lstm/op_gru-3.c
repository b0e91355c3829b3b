// wrong: in n, what h was multiplied into gets the same gradient as what x was multiplied into; the reset gate between them is missing.
// op_gru.c, your exercise: a memory with two gates and no cell.
//
// Read op_gru.h in common/ first, and recurrent.h.
#include "op_gru.h"
#include "gemm.h"
#include "recurrent.h"

#include <math.h>
#include <string.h>

static float sigmoid(float x) { return 1 / (1 + expf(-x)); }

// What forward leaves for backward.
typedef struct {
    RecurrentSize size;
    float *h;               // (T+1,B,H) the states: before the first step, after it, ... after the last
    float *gate;            // (T,B,3H) r, z, n of each step
    float *un;              // (T,B,H) h_(t-1) Unᵀ
    float *dgate;           // (T,B,3H) room for backward: the gradient of what x was multiplied into
    float *du;              // (T,B,3H) room for backward: the gradient of what h_(t-1) was multiplied into
    float *dh;              // (B,H) room for backward: the gradient of h_t
} Saved;

// From y->grad, (T,B,H), to the gradients of the inputs.
static void gru_backward(Tensor *y) {
    const Saved *s = y->saved;
    RecurrentSize z = s->size;
    int T = z.T, B = z.B, H = z.H, G = z.G;     // G = 3H
    const float *wh = y->in[2]->data;
    memset(s->dh, 0, (size_t)(B * H) * sizeof *s->dh);
    for (int t = T - 1; t >= 0; t--) {
        for (int k = 0; k < B; k++) {
            int row = t * B + k;
            const float *gate = s->gate + row * G, *un = s->un + row * H, *before = s->h + row * H, *dy = y->grad + row * H;
            float *dgate = s->dgate + row * G, *du = s->du + row * G, *dh = s->dh + k * H;
            for (int j = 0; j < H; j++) {
                float r = gate[j], u = gate[H + j], n = gate[2 * H + j];
                float d = dh[j] + dy[j];
                float dn = d * (1 - u) * (1 - n * n);
                dgate[j] = du[j] = dn * un[j] * r * (1 - r);
                dgate[H + j] = du[H + j] = d * (before[j] - n) * u * (1 - u);
                dgate[2 * H + j] = du[2 * H + j] = dn;
                dh[j] = d * u;          // straight on to h_(t-1)
            }
        }
        gemm('N', 'N', B, H, G, s->du + t * B * G, G, wh, H, 1, s->dh, H);
    }

    // dx = dgate Wx, dWx = dgateᵀ x, db = the sum of dgate's rows, and dWh = duᵀ h_(t-1), for all steps at once
    recurrent_backward(z, s->dgate, s->du, s->h, y->in[0], y->in[1], y->in[2], y->in[3]);
}

Tensor *op_gru(Tape *tape, Tensor *x, Tensor *wx, Tensor *wh, Tensor *b, float *state) {
    RecurrentSize z = recurrent_size("op_gru", 3, x, wx, wh, b);
    int T = z.T, B = z.B, H = z.H, G = z.G;     // G = 3H
    Tensor *y = tape_tensor(tape, "op_gru", 3, (int[]){T, B, H}, gru_backward, (Tensor *[]){x, wx, wh, b, NULL});     // (T,B,H)
    Saved *s = y->saved = arena_alloc(&tape->arena, sizeof *s);
    size_t states = (size_t)((T + 1) * B * H), one = (size_t)(B * H);
    *s = (Saved){z, tape_floats(tape, states), tape_floats(tape, 3 * y->size), tape_floats(tape, y->size), tape_floats(tape, 3 * y->size), tape_floats(tape, 3 * y->size), tape_floats(tape, one)};
    y->data = s->h + B * H;         // y is the states without the first: the same memory

    if (state) memcpy(s->h, state, one * sizeof(float));
    else memset(s->h, 0, one * sizeof(float));
    recurrent_inputs(z, x, wx, s->gate);        // s->gate (T,B,3H) = x Wxᵀ, for all steps at once
    for (int t = 0; t < T; t++) {
        const float *before = s->h + t * B * H;
        float *h = s->h + (t + 1) * B * H, *gate = s->gate + t * B * G, *un = s->un + t * B * H;
        gemm('N', 'T', B, 2 * H, H, before, H, wh->data, H, 1, gate, G);
        gemm('N', 'T', B, H, H, before, H, wh->data + 2 * H * H, H, 0, un, H);
        for (int k = 0; k < B; k++)
            for (int j = 0; j < H; j++) {
                float *row = gate + k * G;
                float r = sigmoid(row[j] + b->data[j]), u = sigmoid(row[H + j] + b->data[H + j]);
                float n = tanhf(row[2 * H + j] + b->data[2 * H + j] + r * un[k * H + j]);
                row[j] = r;
                row[H + j] = u;
                row[2 * H + j] = n;
                h[k * H + j] = (1 - u) * n + u * before[k * H + j];
            }
    }
    if (state) memcpy(state, s->h + T * B * H, one * sizeof(float));

    return y;
}
