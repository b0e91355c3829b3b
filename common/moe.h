// moe.h, from lesson 11: a feed-forward net of many experts, of which each token uses a few.
#ifndef MOE_H
#define MOE_H

#include "params.h"
#include "rng.h"

typedef struct {
    int C, F;               // numbers a token; hidden units of an expert
    int E, K;               // experts, and how many of them each token uses; E 1: one net for all, without a router
    double capacity;        // in training, an expert takes at most so many times its fair share of the slots; 0: any number
    // In training, each 0 for none:
    double balance;         // the weight of the price for uneven loads, see op_balance.h
    double favour;          // balance without a price: each batch moves an expert's favour so far up (asked too little) or down
    double noise;           // the deviation of normal noise on the router's logits
    double zloss;           // the weight of the price for large logits, see op_zloss.h
} MoeShape;

// Who was asked how often.
typedef struct {
    long *asked;            // (E) slots that chose each expert
    long slots, dropped;    // how many there were, and how many of them found no room
} MoeCount;

typedef struct {
    MoeShape shape;
    Tensor *router;         // (E,C); NULL if there is one expert
    Tensor *favour;         // (E), not learned: is added to the logits for choosing, see op_route.h; NULL as above
    Tensor *up;             // (E,2F,C) gate and up of each expert, see op_swiglu.h
    Tensor *down;           // (E,C,F)
    MoeCount trained, measured;     // in training, and otherwise, since they were cleared
} Moe;

// Declares its parameters: "blocks.LAYER.experts.up" and so on. Free with moe_free.
void moe_add(Moe *m, Params *p, MoeShape shape, int layer);
void moe_free(Moe *m);
// Begins to count anew.
void moe_clear(MoeCount *c, int E);

// Each token goes to its K experts, and hears their sum, weighted by its gates:
//     y = sum over k of gate_k expert_k(x)        expert(x) = (silu(x Wgateᵀ) * (x Wupᵀ)) Wdownᵀ
// In training, a slot that an expert has no room for is dropped; otherwise none is, for then a token's result would depend on others, also on later ones.
// rng: for noise. *price: in training, what uneven loads and large logits cost; NULL if they cost nothing.
//     x (B,T,C)   ->   y (B,T,C)
// Source: Shazeer et al., "Outrageously large neural networks", ICLR 2017; Jiang et al., "Mixtral of experts", 2024; for favours Wang et al.,
// "Auxiliary-loss-free load balancing strategy for mixture-of-experts", 2024.
Tensor *moe_forward(Tape *tape, Tensor *x, Moe *m, Rng *rng, bool training, Tensor **price);

#endif
