// recurrent.h, from lesson 06: what op_rnn, op_lstm and op_gru share: the walk through time, and the products that need none.
#ifndef RECURRENT_H
#define RECURRENT_H

#include "panel.h"

// Sizes of one call.
typedef struct {
    int T, B, I, H;
    int G;                  // numbers that a step computes for each row: H times how many gates
} RecurrentSize;

// Checks x (T,B,I), wx (G,I), wh (G,H), b (G), with G = gates * H; ends the program with a message that names `op`.
RecurrentSize recurrent_size(const char *op, int gates, const Tensor *x, const Tensor *wx, const Tensor *wh, const Tensor *b);
// Room for the states (T+1,B,H) before the first step, after it, ... after the last. The first is `state` (B,H), or zeros if that is NULL.
float *recurrent_states(Tape *tape, RecurrentSize s, const float *state);
// Calls step(y, t, from, to) for t = 0, 1, ... T-1, or from T-1 down to 0, for the rows from .. to-1 of the B examples. No row
// needs another: where the work is worth it, each thread walks through time with rows of its own, and waits for nobody.
void recurrent_walk(Tensor *y, RecurrentSize s, bool backwards, void (*step)(Tensor *y, int t, int from, int to));

// The parts that do not depend on the state, for all steps at once.
// pre (T,B,G) = x Wxᵀ
void recurrent_inputs(RecurrentSize s, const Tensor *x, const Tensor *wx, float *pre);
// With dpre (T,B,G) the gradient of what x was multiplied into, du (T,B,G) that of what the state was multiplied into (mostly the
// same), and h (T,B,H) the state before each step, adds:
//     dx = dpre Wx      dWx = dpreᵀ x      dWh = duᵀ h      db = the sum of dpre's rows
void recurrent_backward(RecurrentSize s, const float *dpre, const float *du, const float *h, Tensor *x, Tensor *wx, Tensor *wh, Tensor *b);

#endif
