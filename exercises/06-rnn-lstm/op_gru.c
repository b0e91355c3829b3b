// op_gru.c, your exercise: a memory with two gates and no cell.
//
// Read op_gru.h in common/ first, and recurrent.h.
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
    float *dgate;           // (T,B,3H) room for backward: the gradient of what x was multiplied into
    float *du;              // (T,B,3H) room for backward: the gradient of what h_(t-1) was multiplied into
    float *dh;              // (B,H) room for backward: the gradient of h_t
} Saved;

// From y->grad, (T,B,H), to the gradients of the inputs.
static void gru_backward(Tensor *y) {
    const Saved *s = y->saved;
    RecurrentSize z = s->size;
    int T = z.T, B = z.B, H = z.H, G = z.G;     // G = 3H
    (void)T;
    (void)B;
    (void)H;
    (void)G;
    TODO("from the last step to the first: s->dh, and s->dgate and s->du of the step");

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

    (void)G;
    (void)state;
    TODO("the state before the first step, s->h[0 .. B*H-1]: the one in `state`, or zeros");
    recurrent_inputs(z, x, wx, s->gate);        // s->gate (T,B,3H) = x Wxᵀ, for all steps at once
    TODO("for every step, in order: r, z, s->un, n, h_t");
    TODO("the last state, into `state` if there is one");

    return y;
}
