// wrong: the quarters are taken in the order i, f, o, g (forward and backward agree with each other, but not with the header).
// op_lstm.c, your exercise: a memory behind gates.
//
// Read op_lstm.h in common/ first, and recurrent.h. You have written op_rnn.c: all that is new here is what a step does.
#include "op_lstm.h"
#include "gemm.h"
#include "recurrent.h"

#include <math.h>
#include <string.h>

static float sigmoid(float x) { return 1 / (1 + expf(-x)); }

// What forward leaves for backward.
typedef struct {
    RecurrentSize size;
    float *h, *c;           // (T+1,B,H) the states: before the first step, after it, ... after the last
    float *gate;            // (T,B,4H) i, f, g, o of each step
    float *dgate;           // (T,B,4H) room for backward: the gradient of what went into them
    float *dh, *dc;         // (B,H) room for backward: the gradients of h_t and c_t
} Saved;

// From y->grad, (T,B,H), to the gradients of the inputs.
static void lstm_backward(Tensor *y) {
    const Saved *s = y->saved;
    RecurrentSize z = s->size;
    int T = z.T, B = z.B, H = z.H, G = z.G;     // G = 4H
    const float *wh = y->in[2]->data;
    memset(s->dc, 0, (size_t)(B * H) * sizeof *s->dc);
    for (int t = T - 1; t >= 0; t--) {
        memcpy(s->dh, y->grad + t * B * H, (size_t)(B * H) * sizeof *s->dh);
        if (t < T - 1) gemm('N', 'N', B, H, G, s->dgate + (t + 1) * B * G, G, wh, H, 1, s->dh, H);
        for (int n = 0; n < B; n++) {
            const float *gate = s->gate + (t * B + n) * G;
            float *dgate = s->dgate + (t * B + n) * G, *dc = s->dc + n * H;
            const float *dh = s->dh + n * H, *before = s->c + (t * B + n) * H, *c = s->c + ((t + 1) * B + n) * H;
            for (int j = 0; j < H; j++) {
                float i = gate[j], f = gate[H + j], o = gate[2 * H + j], g = gate[3 * H + j], tc = tanhf(c[j]);
                float d = dc[j] + dh[j] * o * (1 - tc * tc);
                dgate[j] = d * g * i * (1 - i);
                dgate[H + j] = d * before[j] * f * (1 - f);
                dgate[2 * H + j] = dh[j] * tc * o * (1 - o);
                dgate[3 * H + j] = d * i * (1 - g * g);
                dc[j] = d * f;
            }
        }
    }

    // dx, dWx, dWh and db, for all steps at once: the same products as in op_rnn
    recurrent_backward(z, s->dgate, s->dgate, s->h, y->in[0], y->in[1], y->in[2], y->in[3]);
}

Tensor *op_lstm(Tape *tape, Tensor *x, Tensor *wx, Tensor *wh, Tensor *b, float *state) {
    RecurrentSize z = recurrent_size("op_lstm", 4, x, wx, wh, b);
    int T = z.T, B = z.B, H = z.H, G = z.G;     // G = 4H
    Tensor *y = tape_tensor(tape, "op_lstm", 3, (int[]){T, B, H}, lstm_backward, (Tensor *[]){x, wx, wh, b, NULL});     // (T,B,H)
    Saved *s = y->saved = arena_alloc(&tape->arena, sizeof *s);
    size_t states = (size_t)((T + 1) * B * H), one = (size_t)(B * H);
    *s = (Saved){z, tape_floats(tape, states), tape_floats(tape, states), tape_floats(tape, 4 * y->size), tape_floats(tape, 4 * y->size), tape_floats(tape, one), tape_floats(tape, one)};
    y->data = s->h + B * H;         // y is the states h without the first: the same memory

    if (state) {
        memcpy(s->h, state, one * sizeof(float));
        memcpy(s->c, state + one, one * sizeof(float));
    } else {
        memset(s->h, 0, one * sizeof(float));
        memset(s->c, 0, one * sizeof(float));
    }
    recurrent_inputs(z, x, wx, s->gate);        // s->gate (T,B,4H) = x Wxᵀ, for all steps at once
    for (int t = 0; t < T; t++) {
        gemm('N', 'T', B, G, H, s->h + t * B * H, H, wh->data, H, 1, s->gate + t * B * G, G);
        for (int n = 0; n < B; n++) {
            float *gate = s->gate + (t * B + n) * G;
            const float *before = s->c + (t * B + n) * H;
            float *c = s->c + ((t + 1) * B + n) * H, *h = s->h + ((t + 1) * B + n) * H;
            for (int k = 0; k < G; k++) {
                float a = gate[k] + b->data[k];
                gate[k] = k / H == 3 ? tanhf(a) : sigmoid(a);
            }
            for (int j = 0; j < H; j++) {
                c[j] = gate[H + j] * before[j] + gate[j] * gate[3 * H + j];
                h[j] = gate[2 * H + j] * tanhf(c[j]);
            }
        }
    }
    if (state) {
        memcpy(state, s->h + T * B * H, one * sizeof(float));
        memcpy(state + one, s->c + T * B * H, one * sizeof(float));
    }

    return y;
}
