// op_lstm.c, your exercise: a memory behind gates.
//
// Read op_lstm.h in common/ first, and recurrent.h. You have written op_rnn.c: all that is new here is what a step does.
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
    float *dgate;           // (T,B,4H) room for backward: the gradient of what went into them
    float *dh, *dc;         // (B,H) room for backward: the gradients of h_t and c_t
} Saved;

// From y->grad, (T,B,H), to the gradients of the inputs.
static void lstm_backward(Tensor *y) {
    const Saved *s = y->saved;
    RecurrentSize z = s->size;
    int T = z.T, B = z.B, H = z.H, G = z.G;     // G = 4H
    (void)T;
    (void)B;
    (void)H;
    (void)G;
    TODO("from the last step to the first: s->dh, s->dc, and s->dgate of the step");

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

    (void)G;
    (void)state;
    TODO("the states before the first step, s->h[0 .. B*H-1] and s->c[0 .. B*H-1]: those in `state`, h and then c, or zeros");
    recurrent_inputs(z, x, wx, s->gate);        // s->gate (T,B,4H) = x Wxᵀ, for all steps at once
    TODO("for every step, in order: the gates, c_t, h_t");
    TODO("the last states, h and then c, into `state` if there is one");

    return y;
}
