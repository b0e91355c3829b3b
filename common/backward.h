// backward.h, from lesson 02: the chain rule, node by node, from the loss back to the parameters.
#ifndef BACKWARD_H
#define BACKWARD_H

#include "tensor.h"

// For every tensor that the loss was made from and that wants a gradient: adds d loss / d tensor to its grad. loss has
// one element and is on the tape. Gradients of parameters are added to what they hold (params_zero_grad empties them);
// tensors on the tape get theirs here, from zero. Call it once per step.
void backward(Tape *tape, Tensor *loss);

#endif
