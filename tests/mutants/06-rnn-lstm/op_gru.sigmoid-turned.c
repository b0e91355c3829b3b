// expect: the sigmoid is turned round
// op_gru.c, a solution: a memory with two gates and no cell.
#include "op_gru.h"
#include "gemm.h"
#include "recurrent.h"

#include <math.h>
#include <string.h>

// What forward leaves for backward.
typedef struct {
    RecurrentSize size;
    float *h;               // (T+1,B,H) the states: before the first step, after it, ... after the last
    float *gate;            // (T,B,3H) r, z, n of each step
    float *un;              // (T,B,H) h_(t-1) Unᵀ
    float *dgate;           // (T,B,3H) in backward: the gradient of what x was multiplied into
    float *du;              // (T,B,3H) in backward: the gradient of what h_(t-1) was multiplied into
    float *dh;              // (B,H) in backward: the gradient of h_t
} Saved;

static float sigmoid(float x) { return 1 / (1 + expf(x)); }

// One step, one example, back. dh: of h_t, complete; then of h_(t-1), so far the part that goes through z * h_(t-1).
static void step_back(int H, const float *gate, const float *un, const float *h, float *dh, float *dgate, float *du) {
    for (int j = 0; j < H; j++) {
        float r = gate[j], z = gate[H + j], n = gate[2 * H + j];
        float dn = dh[j] * (1 - z) * (1 - n * n);
        dgate[j] = du[j] = dn * un[j] * r * (1 - r);
        dgate[H + j] = du[H + j] = dh[j] * (h[j] - n) * z * (1 - z);
        dgate[2 * H + j] = dn;
        du[2 * H + j] = dn * r;         // r stands between
        dh[j] *= z;
    }
}

static void gru_backward(Tensor *y) {
    const Saved *s = y->saved;
    RecurrentSize z = s->size;
    int T = z.T, B = z.B, H = z.H, G = z.G;
    memset(s->dh, 0, (size_t)(B * H) * sizeof *s->dh);
    for (int t = T - 1; t >= 0; t--) {
        for (int i = 0; i < B * H; i++) s->dh[i] += y->grad[t * B * H + i];
        for (int n = 0; n < B; n++) {
            int at = (t * B + n) * H;
            step_back(H, s->gate + 3 * at, s->un + at, s->h + at, s->dh + n * H, s->dgate + 3 * at, s->du + 3 * at);
        }
        gemm('N', 'N', B, H, G, s->du + t * B * G, G, y->in[2]->data, H, 1, s->dh, H);
    }
    recurrent_backward(z, s->dgate, s->du, s->h, y->in[0], y->in[1], y->in[2], y->in[3]);
}

// One step, one example. gate: what goes into r, z and n from x, and into r and z from h; then the gates.
static void step(int H, float *gate, const float *b, const float *un, const float *h, float *h_next) {
    for (int j = 0; j < H; j++) {
        float r = gate[j] = sigmoid(gate[j] + b[j]);
        float z = gate[H + j] = sigmoid(gate[H + j] + b[H + j]);
        float n = gate[2 * H + j] = tanhf(gate[2 * H + j] + b[2 * H + j] + r * un[j]);
        h_next[j] = (1 - z) * n + z * h[j];
    }
}

Tensor *op_gru(Tape *tape, Tensor *x, Tensor *wx, Tensor *wh, Tensor *b, float *state) {
    RecurrentSize z = recurrent_size("op_gru", 3, x, wx, wh, b);
    int T = z.T, B = z.B, H = z.H, G = z.G;
    Tensor *y = tape_tensor(tape, "op_gru", 3, (int[]){T, B, H}, gru_backward, (Tensor *[]){x, wx, wh, b, NULL});     // (T,B,H)
    Saved *s = y->saved = arena_alloc(&tape->arena, sizeof *s);
    size_t states = (size_t)((T + 1) * B * H), one = (size_t)(B * H);
    *s = (Saved){z, tape_floats(tape, states), tape_floats(tape, 3 * y->size), tape_floats(tape, y->size), tape_floats(tape, 3 * y->size), tape_floats(tape, 3 * y->size), tape_floats(tape, one)};
    y->data = s->h + B * H;         // y is the states without the first: the same memory

    for (size_t i = 0; i < one; i++) s->h[i] = state ? state[i] : 0;
    recurrent_inputs(z, x, wx, s->gate);        // what x brings, for all steps at once
    for (int t = 0; t < T; t++) {
        const float *h = s->h + t * B * H;
        float *gate = s->gate + t * B * G, *un = s->un + t * B * H;
        gemm('N', 'T', B, 2 * H, H, h, H, wh->data, H, 1, gate, G);                     // into r and z
        gemm('N', 'T', B, H, H, h, H, wh->data + 2 * H * H, H, 0, un, H);               // by itself: r comes between
        for (int n = 0; n < B; n++) step(H, gate + n * G, b->data, un + n * H, h + n * H, s->h + ((t + 1) * B + n) * H);
    }
    for (size_t i = 0; state && i < one; i++) state[i] = s->h[y->size + i];
    return y;
}
