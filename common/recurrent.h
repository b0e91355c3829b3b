// recurrent.h, from lesson 06: what op_rnn, op_lstm and op_gru share: the products, and where the state lies.
#ifndef RECURRENT_H
#define RECURRENT_H

#include "tensor.h"

// Sizes of one call.
typedef struct {
    int T, B, I, H;
    int G;                  // numbers that a step computes for each row: H times how many gates
} RecurrentSize;

// Checks x (T,B,I), wx (G,I), wh (G,H), b (G) or NULL, with G = gates * H; ends the program with a message that names `op`.
RecurrentSize recurrent_size(const char *op, int gates, const Tensor *x, const Tensor *wx, const Tensor *wh, const Tensor *b);
// Room for the states (T+1,B,H) before the first step, after it, ... after the last. The first is `state` (B,H), or zeros if that is NULL.
float *recurrent_states(Tape *tape, RecurrentSize s, const float *state);
// pre (T,B,G) = x Wxᵀ + b: the part of every step that does not depend on the state, in one product.
void recurrent_inputs(RecurrentSize s, const Tensor *x, const Tensor *wx, const Tensor *b, float *pre);
// What is the same for all steps and waits until the last of them, with dpre (T,B,G) the gradient of what x was multiplied into, du (T,B,G)
// that of what the state was multiplied into (mostly the same), and h (T,B,H) the state before each step. Adds:
//     dx = dpre Wx      dWx = dpreᵀ x      dWh = duᵀ h      db = the sum of dpre's rows
void recurrent_backward(RecurrentSize s, const float *dpre, const float *du, const float *h, Tensor *x, Tensor *wx, Tensor *wh, Tensor *b);

#endif
