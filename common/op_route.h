// op_route.h, from lesson 11: each token picks a few experts.
#ifndef OP_ROUTE_H
#define OP_ROUTE_H

#include "tensor.h"

// Of each row of E logits, the K greatest are chosen, of equal ones the first; the gates are the softmax of these K alone:
//     gate_k = e^(x_k) / sum over the chosen j of e^(x_j)
// The choice itself has no gradient: it is through the gates that the router learns.
//     logits (...,E)   ->   gate (...,K)
// choice (N,K), to be filled: the experts, the greatest first; the call keeps a copy. favour (E), or NULL: is added to the logits for choosing,
// and for the order of the chosen, but not for the gates.
// Source: Jiang et al., "Mixtral of experts", 2024. Others take the softmax of all E first, and may divide the chosen ones by their sum; with
// the division that is the same.
Tensor *op_route(Tape *tape, Tensor *logits, int K, const float *favour, int *choice);

#endif
