// expect: one step is not right yet, so several cannot be
// op_lstm.c, a solution: a memory behind gates.
#include "op_lstm.h"
#include "gemm.h"
#include "recurrent.h"

#include <math.h>
#include <string.h>

// What forward leaves for backward.
typedef struct {
    RecurrentSize size;
    float *h, *c;           // (T+1,B,H) the states: before the first step, after it, ... after the last
    float *gate;            // (T,B,4H) i, f, g, o of each step
    float *dgate;           // (T,B,4H) in backward: the gradient of what went into them
    float *dh, *dc;         // (B,H) in backward: the gradients of h_t and c_t
} Saved;

static float sigmoid(float x) { return 1 / (1 + expf(-x)); }

// One step, one example, back. dh is complete; dc comes from the step after, and goes on to the one before.
static void step_back(int H, const float *gate, const float *c, const float *c_next, const float *dh, float *dc, float *dgate) {
    for (int j = 0; j < H; j++) {
        float i = gate[j], f = gate[H + j], g = gate[2 * H + j], o = gate[3 * H + j], bent = tanhf(c_next[j]);
        float d = dc[j] + dh[j] * o * (1 - bent * bent);        // dc_t: by itself, and through h_t = o * tanh(c_t)
        dgate[j] = d * g * i * (1 - i);
        dgate[H + j] = d * c[j] * f * (1 - f);
        dgate[2 * H + j] = d * i * (1 - g * g);
        dgate[3 * H + j] = dh[j] * bent * o * (1 - o);
        dc[j] = d * f;
    }
}

static void lstm_backward(Tensor *y) {
    const Saved *s = y->saved;
    RecurrentSize z = s->size;
    int T = z.T, B = z.B, H = z.H, G = z.G;
    memset(s->dc, 0, (size_t)(B * H) * sizeof *s->dc);
    for (int t = T - 1; t >= 0; t--) {
        float *dgate = s->dgate + t * B * G;
        memcpy(s->dh, y->grad + t * B * H, (size_t)(B * H) * sizeof *s->dh);
        if (t + 1 < T) gemm('N', 'N', B, H, G, dgate + B * G, G, y->in[2]->data, H, 1, s->dh, H);
        for (int n = 0; n < B; n++) {
            const float *c = s->c + (t * B + n) * H;
            step_back(H, s->gate + (t * B + n) * G, c, c + B * H, s->dh + n * H, s->dc + n * H, dgate + n * G);
        }
    }
    recurrent_backward(z, s->dgate, s->dgate, s->h, y->in[0], y->in[1], y->in[2], y->in[3]);
}

// One step, one example. gate: what goes into the gates, but for the bias; then the gates.
static void step(int H, float *gate, const float *b, const float *c, float *c_next, float *h_next) {
    for (int j = 0; j < H; j++) {
        float i = gate[j] = sigmoid(gate[j] + b[j]);
        float f = gate[H + j] = sigmoid(gate[H + j] + b[H + j]);
        float g = gate[2 * H + j] = tanhf(gate[2 * H + j] + b[2 * H + j]);
        float o = gate[3 * H + j] = sigmoid(gate[3 * H + j] + b[3 * H + j]);
        c_next[j] = f * c[j] + i * g;
        h_next[j] = o * expf(c_next[j]);
    }
}

Tensor *op_lstm(Tape *tape, Tensor *x, Tensor *wx, Tensor *wh, Tensor *b, float *state) {
    RecurrentSize z = recurrent_size("op_lstm", 4, x, wx, wh, b);
    int T = z.T, B = z.B, H = z.H, G = z.G;
    Tensor *y = tape_tensor(tape, "op_lstm", 3, (int[]){T, B, H}, lstm_backward, (Tensor *[]){x, wx, wh, b, NULL});     // (T,B,H)
    Saved *s = y->saved = arena_alloc(&tape->arena, sizeof *s);
    size_t states = (size_t)((T + 1) * B * H), one = (size_t)(B * H);
    *s = (Saved){z, tape_floats(tape, states), tape_floats(tape, states), tape_floats(tape, 4 * y->size), tape_floats(tape, 4 * y->size), tape_floats(tape, one), tape_floats(tape, one)};
    y->data = s->h + B * H;         // y is the states h without the first: the same memory

    for (size_t i = 0; i < one; i++) {
        s->h[i] = state ? state[i] : 0;
        s->c[i] = state ? state[one + i] : 0;
    }
    recurrent_inputs(z, x, wx, s->gate);        // what x brings, for all steps at once
    for (int t = 0; t < T; t++) {
        gemm('N', 'T', B, G, H, s->h + t * B * H, H, wh->data, H, 1, s->gate + t * B * G, G);
        for (int n = 0; n < B; n++) {
            int at = (t * B + n) * H, next = at + B * H;
            step(H, s->gate + (t * B + n) * G, b->data, s->c + at, s->c + next, s->h + next);
        }
    }
    for (size_t i = 0; state && i < one; i++) {
        state[i] = s->h[y->size + i];
        state[one + i] = s->c[y->size + i];
    }
    return y;
}
