// panel.h, from lesson 06: a matrix laid out for being multiplied with a few rows, again and again.
#ifndef PANEL_H
#define PANEL_H

#include "tensor.h"

// A product of few rows with a large matrix spends its time on reading the matrix, and on putting it into an order in which vectors can
// be read. A recurrent net multiplies the same matrix at every step of time: here it is put in order once. The outputs are
// cut into strips of 32; strip s holds the weights of its outputs, input by input: (strips, K, 32), filled up with zeros.
typedef struct {
    int K, O;               // inputs, outputs
    float *data;            // on the tape it was made with
} Panel;

// For y = x wᵀ, with w (O,K), and for y = x w, with w (K,O); ld: from one row of w to the next.
Panel panel_of_rows(Tape *tape, const float *w, int O, int K, int ld);
Panel panel_of_columns(Tape *tape, const float *w, int K, int O, int ld);

// The product of x (N,K) and the panel, into y (N,O) or, with `add`, onto it. ldx, ldy: from one row to the next. Adds over the
// inputs in their order, always the same, whatever N is.
void panel_product(Panel p, int N, const float *x, int ldx, bool add, float *y, int ldy);

#endif
