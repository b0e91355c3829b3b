// op_swiglu.h, from lesson 11: one half decides how much of the other passes.
#ifndef OP_SWIGLU_H
#define OP_SWIGLU_H

#include "tensor.h"

// y = silu(gate) * up, with silu(g) = g / (1 + e^-g). Each row has the F numbers of the gate, then the F of up: one matrix makes both.
//     x (...,2F)   ->   y (...,F)
// Source: Shazeer, "GLU variants improve transformer", 2020.
Tensor *op_swiglu(Tape *tape, Tensor *x);

#endif
