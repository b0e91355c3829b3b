// op_rnn.c, your exercise: a memory that every step reads and writes.
//
// Read op_rnn.h in common/ first. Plain loops are right; gemm.h makes the products fast.
#include "op_rnn.h"
#include "gemm.h"
#include "recurrent.h"

#include <math.h>
#include <string.h>

// What forward leaves for backward.
typedef struct {
    RecurrentSize size;
    float *h;               // (T+1,B,H) the states: before the first step, after it, ... after the last
    float *dpre;            // (T,B,H) room for backward: the gradient of what goes into each tanh
} Saved;

// From y->grad, (T,B,H), to the gradients of the inputs; each is added to (+=), and skipped where it is NULL.
static void rnn_backward(Tensor *y) {
    Tensor *x = y->in[0], *wx = y->in[1], *wh = y->in[2], *b = y->in[3];
    const Saved *s = y->saved;
    int T = s->size.T, B = s->size.B, I = s->size.I, H = s->size.H;
    (void)x;
    (void)wx;
    (void)wh;
    (void)b;
    (void)T;
    (void)B;
    (void)I;
    (void)H;
    TODO("from the last step to the first: s->dpre of step t, from y->grad and from s->dpre of step t+1");
    TODO("add to x->grad (T,B,I), wx->grad (H,I), wh->grad (H,H) and b->grad (H)");
}

Tensor *op_rnn(Tape *tape, Tensor *x, Tensor *wx, Tensor *wh, Tensor *b, float *state) {
    RecurrentSize z = recurrent_size("op_rnn", 1, x, wx, wh, b);
    int T = z.T, B = z.B, I = z.I, H = z.H;
    Tensor *y = tape_tensor(tape, "op_rnn", 3, (int[]){T, B, H}, rnn_backward, (Tensor *[]){x, wx, wh, b, NULL});    // (T,B,H)
    Saved *s = y->saved = arena_alloc(&tape->arena, sizeof *s);
    *s = (Saved){z, tape_floats(tape, (size_t)((T + 1) * B * H)), tape_floats(tape, y->size)};
    y->data = s->h + B * H;         // y is the states without the first: the same memory

    (void)I;
    (void)state;
    TODO("the state before the first step, s->h[0 .. B*H-1]: the one in `state`, or zeros");
    TODO("for every step, in order: h_t = tanh(x_t Wxᵀ + h_(t-1) Whᵀ + b)");
    TODO("the last state, into `state` if there is one");

    return y;
}
