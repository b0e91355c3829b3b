// op_balance.h, from lesson 11: a price for sending everybody to the same expert.
#ifndef OP_BALANCE_H
#define OP_BALANCE_H

#include "routing.h"

// loss = weight * E * sum over e of f_e P_e       f_e: the share of all slots that chose expert e (dropped ones too), which has no gradient
//                                                 P_e: the mean over the tokens of softmax(logits)_e, of all E
// With even loads that is `weight`; the more the choices agree, the more it is. It draws the router away from busy experts.
//     logits (...,E)   ->   loss ()
// Source: Fedus, Zoph and Shazeer, "Switch transformers", 2022, section 2.2.
Tensor *op_balance(Tape *tape, Tensor *logits, const Routing *r, double weight);

#endif
